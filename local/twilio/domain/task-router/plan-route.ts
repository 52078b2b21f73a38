import { type Attributes, matchesExpression } from './expression.ts';
import type { RouteStep, WorkflowConfiguration } from './records.ts';

/** The targets of the first filter that fits, one after another, and the default queue at last. */
export function planRoute(configuration: WorkflowConfiguration, attributes: Attributes): RouteStep[] {
  const { filters, default_filter: fallback } = configuration.task_routing;
  const filter = filters.find(({ expression }) => matchesExpression(expression, attributes));
  const steps: RouteStep[] = (filter?.targets ?? []).map((target) => ({
    queueSid: target.queue,
    timeoutMs: target.timeout === undefined ? undefined : target.timeout * 1000,
    priority: target.priority,
    expression: target.expression,
  }));
  return fallback ? [...steps, { queueSid: fallback.queue }] : steps;
}
