import type { CleanUp } from './clean-up.ts';
import { startEdge } from './edge/edge-server.ts';
import type { AwsJsonClient } from './engines/aws-json.ts';
import { TemplateRefusedError } from './errors.ts';
import { runSchedule } from './events/run-schedule.ts';
import type { ApiPlan, PlannedRoute } from './http-api/api-plan.ts';
import { type ApiRoute, startHttpApi } from './http-api/http-api-server.ts';
import type { Platform } from './platform.ts';
import { fileCheckpoints } from './sources/checkpoints.ts';
import { pollStream } from './sources/poll-stream.ts';
import { pollQueue } from './sources/queue-source.ts';
import { streamClient } from './sources/stream-client.ts';

export interface PlanEngines {
  readonly stream: AwsJsonClient;
  readonly stateDirectory: string;
}

/** Starts what was planned while the stacks were created: APIs listen, mappings poll, schedules tick. */
export async function startPlan(
  platform: Platform,
  { stream, stateDirectory }: PlanEngines,
  undo: CleanUp,
): Promise<void> {
  const { plan, work, functions, queues } = platform;
  refuseDangling(platform);
  const checkpoints = fileCheckpoints(stateDirectory);
  for (const api of plan.apis.values()) undo.add((await startApi(api, platform)).stop);
  for (const edge of plan.edges) {
    undo.add((await startEdge(edge, (error) => work.report(`distribution ${edge.name}`, error))).stop);
  }
  for (const source of plan.queueSources) {
    work.keep(`queue ${source.queueName}`, () => pollQueue(source, { queues, functions, work }));
  }
  for (const source of plan.streamSources) {
    const ports = { stream: streamClient(stream), queues, functions, checkpoints, work };
    work.keep(`stream of ${source.functionName}`, () => pollStream(source, ports));
  }
  for (const schedule of plan.schedules) {
    work.run(`schedule ${schedule.name}`, () => runSchedule(schedule, work));
  }
}

/** AWS refuses a mapping, rule or integration whose function or queue does not exist; so does this. */
function refuseDangling({ plan, functions, queues }: Platform): void {
  const wanted = [
    ...plan.queueSources.map((source) => ({
      by: `the mapping of ${source.queueName}`,
      name: source.functionName,
    })),
    ...plan.streamSources.map((source) => ({
      by: `the mapping of ${source.streamArn}`,
      name: source.functionName,
    })),
    ...[...plan.apis.values()].flatMap((api) =>
      [...api.integrations.values()].map(({ functionName }) => ({
        by: `the API ${api.name}`,
        name: functionName,
      })),
    ),
  ];
  const problems = wanted
    .filter(({ name }) => !functions.has(name))
    .map(({ by, name }) => `${by} names the function ${name}, which is unknown`);
  const lost = plan.queueSources.filter((source) => !queues.hasQueue(source.queueName));
  problems.push(
    ...lost.map(
      (source) => `the mapping of ${source.functionName} names an unknown queue: ${source.queueName}`,
    ),
  );
  if (problems.length > 0) throw new TemplateRefusedError(problems);
}

function startApi(api: ApiPlan, { accountId, functions, work }: Platform): ReturnType<typeof startHttpApi> {
  if (!api.hasStage) throw new TemplateRefusedError([`the API ${api.name} has no stage`]);
  return startHttpApi(
    { ...api, accountId, routes: api.routes.map((route) => apiRoute(api, route)) },
    {
      invoke: (functionName, payload) => functions.invoke(functionName, payload),
      report: (error) => work.report(`API ${api.name}`, error),
    },
  );
}

function apiRoute(api: ApiPlan, route: PlannedRoute): ApiRoute {
  const integration = api.integrations.get(route.integrationId);
  if (integration === undefined)
    throw new TemplateRefusedError([`the route ${route.routeKey} has no integration`]);
  const authorizer = route.authorizerId === undefined ? undefined : api.authorizers.get(route.authorizerId);
  if (route.authorizerId !== undefined && authorizer === undefined) {
    throw new TemplateRefusedError([`the route ${route.routeKey} has no authorizer ${route.authorizerId}`]);
  }
  return { ...integration, routeKey: route.routeKey, authorizer, requiredScopes: route.requiredScopes };
}
