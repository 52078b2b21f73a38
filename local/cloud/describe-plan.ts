import type { CloudDescription } from './local-cloud.ts';
import type { Platform } from './platform.ts';

export function describePlan({ plan, functions }: Platform): CloudDescription {
  return {
    apis: [...plan.apis.values()].map(({ name, port, routes, integrations }) => ({
      name,
      origin: `http://127.0.0.1:${port}`,
      routes: routes.map(({ routeKey, integrationId, requiredScopes }) => ({
        routeKey,
        functionName: integrations.get(integrationId)?.functionName ?? '',
        scopes: requiredScopes,
      })),
    })),
    functions: functions.definitions.map(({ name }) => name),
    tables: plan.tables,
    queues: plan.queueNames,
    buckets: plan.buckets,
    eventSources: [
      ...plan.queueSources.map(({ queueName, functionName }) => ({ source: queueName, functionName })),
      ...plan.streamSources.map(({ streamArn, functionName }) => ({ source: streamArn, functionName })),
    ],
    rules: plan.rules,
    schedules: plan.schedules.map(({ name, expression }) => ({ name, expression })),
  };
}
