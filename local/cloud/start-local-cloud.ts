import { join } from 'node:path';
import { deployStacks, refuseUnknown, type StackOutputs } from './assembly/deploy-stacks.ts';
import { type AssembledStack, readAssembly } from './assembly/read-assembly.ts';
import { type Background, background } from './background.ts';
import { type CleanUp, cleanUp } from './clean-up.ts';
import { describePlan } from './describe-plan.ts';
import { eventsApi } from './endpoint/events-api.ts';
import { ParameterStore, parametersApi } from './endpoint/parameter-store.ts';
import { SecretStore } from './endpoint/secret-store.ts';
import { secretsApi } from './endpoint/secrets-api.ts';
import { startServiceEndpoint } from './endpoint/service-endpoint.ts';
import { type AwsJsonClient, awsJsonClient } from './engines/aws-json.ts';
import { type DynamoDbEngine, startDynamoDbEngine } from './engines/dynamodb-engine.ts';
import { LOCAL_ACCOUNT_ID, type QueueEngine, startQueueEngine } from './engines/queue-engine.ts';
import { ensureTable } from './engines/table-engine.ts';
import { errorText } from './errors.ts';
import { type EventBuses, eventBuses } from './events/event-bus.ts';
import { deliver, type Outlets, outletOf } from './events/target-delivery.ts';
import { type AsyncInvocations, startAsyncInvocations } from './functions/async-invocations.ts';
import { functionLogs } from './functions/function-log.ts';
import { FunctionRegistry } from './functions/function-registry.ts';
import { stagedCode } from './functions/staged-code.ts';
import { startLocalIssuer } from './issuer/local-issuer.ts';
import type { LocalCloud, LocalCloudOptions } from './local-cloud.ts';
import { type Endpoints, emptyPlan, localArn, type Platform } from './platform.ts';
import { startPlan } from './start-plan.ts';
import { reservePorts } from './state/reserve-ports.ts';
import { takeStateDirectory } from './state/state-directory.ts';

const GRACE_MILLISECONDS = 2000;

/**
 * Runs the synthesized templates on this machine: creates what they declare in embedded engines, then lets it work.
 * @throws TemplateRefusedError for what the platform does not know; EngineError when an engine cannot run
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const stacks = readAssembly(options.assemblyDirectory);
  refuseUnknown(stacks);
  const state = takeStateDirectory(options.stateDirectory, options.fresh ?? false);
  const undo = cleanUp();
  undo.add(async () => state.release());
  try {
    return await start(options, stacks, undo);
  } catch (error) {
    await undo.run();
    throw error;
  }
}

async function start(
  options: LocalCloudOptions,
  stacks: readonly AssembledStack[],
  undo: CleanUp,
): Promise<LocalCloud> {
  const region = options.region ?? stacks.find((stack) => stack.region !== undefined)?.region ?? 'us-east-1';
  const engines = await startEngines(options, region, undo);
  const platform = await buildPlatform(options, engines, undo);
  const outputs = await deployStacks(stacks, platform);
  platform.code.prune();
  const issuer = await startIssuer(options, platform.work, undo);
  await startPlan(platform, { stream: engines.dynamodb, stateDirectory: options.stateDirectory }, undo);
  return localCloud({ outputs, platform, engines, issuer }, undo);
}

interface Engines {
  readonly region: string;
  readonly tables: DynamoDbEngine;
  readonly dynamodb: AwsJsonClient;
  readonly queues: QueueEngine;
  readonly servicesPort: number;
}

async function startEngines(options: LocalCloudOptions, region: string, undo: CleanUp): Promise<Engines> {
  const names = ['engine:dynamodb', 'engine:queues', 'engine:services'] as const;
  const ports = await reservePorts(options.stateDirectory, names);
  const tables = await startDynamoDbEngine({
    port: ports['engine:dynamodb'],
    dataDir: join(options.stateDirectory, 'dynamodb'),
    ...(options.dynamoDbEngine === undefined ? {} : { kind: options.dynamoDbEngine }),
  });
  undo.add(tables.stop);
  const queues = await startQueueEngine({
    region,
    port: ports['engine:queues'],
    dataDir: join(options.stateDirectory, 'queues'),
  });
  undo.add(queues.stop);
  const dynamodb = awsJsonClient(tables.endpoint, 'dynamodb', region);
  return { region, tables, dynamodb, queues, servicesPort: ports['engine:services'] };
}

async function buildPlatform(options: LocalCloudOptions, engines: Engines, undo: CleanUp): Promise<Platform> {
  const { stateDirectory, onLog = () => {}, onNotice = () => {} } = options;
  const { region, queues } = engines;
  const place = { region, accountId: LOCAL_ACCOUNT_ID };
  const work = background((name, error) => onNotice(`${name}: ${errorText(error)}`));
  const functions = new FunctionRegistry(functionLogs(join(stateDirectory, 'logs'), onLog), {
    workersPerFunction: options.workersPerFunction ?? 4,
    idleMilliseconds: options.idleMilliseconds ?? 60_000,
  });
  undo.add(() => stopWork(work, functions));
  const asyncInvocations = await startAsyncInvocations(queues, functions, work);
  const { buses, outlets } = eventing(place, { queues, asyncInvocations, work });
  const secrets = new SecretStore(stateDirectory, localArn(place, 'secretsmanager', '').slice(0, -1));
  const parameters = new ParameterStore(stateDirectory, localArn(place, 'ssm', '').slice(0, -1));
  const services = await startServiceEndpoint(engines.servicesPort, {
    apis: [
      eventsApi(buses, localArn(place, 'events', '').slice(0, -1)),
      secretsApi(secrets),
      parametersApi(parameters),
    ],
    functions,
    asyncInvocations,
    report: (error) => work.report('service endpoint', error),
  });
  undo.add(services.stop);
  return {
    ...place,
    endpoints: endpointsOf(engines, services.origin, options.endpointsOverride),
    queues,
    ensureTable: (definition) => ensureTable(engines.dynamodb, definition),
    secrets,
    parameters,
    code: stagedCode(join(stateDirectory, 'functions')),
    functions,
    asyncInvocations,
    buses,
    outlets,
    work,
    plan: emptyPlan(),
    portOf: (stackName, logicalId, apiName) =>
      portOf(options, [apiName, logicalId, `${stackName}/${logicalId}`]),
    notice: onNotice,
  };
}

function endpointsOf(engines: Engines, services: string, override: Partial<Endpoints> = {}): Endpoints {
  return {
    dynamodb: engines.tables.endpoint,
    sqs: engines.queues.endpoint,
    s3: engines.queues.endpoint,
    eventbridge: services,
    secretsmanager: services,
    lambda: services,
    ssm: services,
    ...override,
  };
}

interface EventingPorts {
  readonly queues: QueueEngine;
  readonly asyncInvocations: AsyncInvocations;
  readonly work: Background;
}

function eventing(
  place: { readonly region: string; readonly accountId: string },
  { queues, asyncInvocations, work }: EventingPorts,
): { readonly buses: EventBuses; readonly outlets: Outlets } {
  const buses: EventBuses = eventBuses(place, (rule, target, text) =>
    deliver(
      {
        send: outletOf(target, outlets),
        target,
        text,
        onLost: (reason) => work.report(`rule ${rule.name}`, new Error(`an event was lost: ${reason}`)),
      },
      outlets,
      work,
    ),
  );
  const outlets: Outlets = {
    sendToQueue: (queueName, text, messageGroupId) =>
      queues.send(queueName, text, messageGroupId === undefined ? {} : { messageGroupId }),
    invokeLater: asyncInvocations.enqueue,
    putOnBus: (busName, text) => buses.forward(busName, text),
  };
  return { buses, outlets };
}

async function portOf(
  { ports = {}, stateDirectory }: LocalCloudOptions,
  names: readonly string[],
): Promise<number> {
  for (const name of names) if (ports[name] !== undefined) return ports[name];
  const key = `api:${names.at(-1)}`;
  return (await reservePorts(stateDirectory, [key]))[key] ?? 0;
}

async function startIssuer(
  options: LocalCloudOptions,
  work: Background,
  undo: CleanUp,
): Promise<string | undefined> {
  const { issuerClients: clients, stateDirectory, ports } = options;
  if (clients === undefined) return undefined;
  const port = ports?.issuer ?? (await reservePorts(stateDirectory, ['issuer'])).issuer;
  const report = (error: unknown): void => work.report('issuer', error);
  const server = await startLocalIssuer({ port, stateDirectory, clients, report });
  undo.add(server.stop);
  return server.origin;
}

/** Batches under way get a moment to end; then their workers are ended, and their messages come back later. */
async function stopWork(work: Background, functions: FunctionRegistry): Promise<void> {
  const ended = work.stop();
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GRACE_MILLISECONDS).unref())]);
  await functions.stop();
  await ended;
}

interface Running {
  readonly outputs: StackOutputs;
  readonly platform: Platform;
  readonly engines: Engines;
  readonly issuer: string | undefined;
}

function localCloud({ outputs, platform, engines, issuer }: Running, undo: CleanUp): LocalCloud {
  const origins = [...platform.plan.apis.values()].flatMap(({ apiId, name, logicalId, port }) =>
    [apiId, logicalId, name].map((key) => [key, `http://127.0.0.1:${port}`] as const),
  );
  return {
    outputs,
    apiOrigins: Object.fromEntries(origins),
    endpoints: {
      ...endpointsOf(engines, platform.endpoints.lambda),
      ...(issuer === undefined ? {} : { issuer }),
    },
    region: platform.region,
    dynamoDbEngine: engines.tables.kind,
    describe: () => describePlan(platform),
    invoke: (functionName, payload) => platform.functions.invoke(functionName, JSON.stringify(payload ?? {})),
    killWorkers: (functionName) => platform.functions.kill(functionName),
    stop: undo.run,
  };
}
