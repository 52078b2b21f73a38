import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LocalCloud } from '../../../local/cloud/local-cloud.ts';
import { startLocalCloud } from '../../../local/cloud/start-local-cloud.ts';
import { reservePorts } from '../../../local/cloud/state/reserve-ports.ts';
import { synthesizeSample } from './cdk-sample/sample-app.ts';
import { eventually, receiveBodies } from './engine-calls.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const clients = [
  { clientId: 'sample-client', clientSecret: 'secret', scopes: ['messages:send', 'messages:read'] },
  { clientId: 'stranger', clientSecret: 'secret', scopes: ['messages:send'] },
];

describe('an app as CDK synthesizes it', () => {
  const directory = temporaryDirectory();
  const stateDirectory = join(directory.path, 'state');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  let cloud: LocalCloud;
  let outputs: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const ports = await reservePorts(stateDirectory, ['sample-cdk-api', 'issuer']);
    const issuer = `http://127.0.0.1:${ports.issuer}`;
    const assemblyDirectory = synthesizeSample({ outdir: directory.path, issuer });
    cloud = await startLocalCloud({ assemblyDirectory, stateDirectory, ports, issuerClients: clients });
    outputs = cloud.outputs.Work ?? {};
  }, 60_000);
  afterAll(async () => {
    await cloud.stop();
    directory.remove();
  });

  const token = async (clientId: string, scope?: string): Promise<string> => {
    const response = await fetch(`${cloud.endpoints.issuer}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:secret`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...(scope === undefined ? {} : { scope }),
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  };

  const send = (authorization?: string): Promise<Response> =>
    fetch(`${outputs.ApiUrl}messages`, {
      method: 'POST',
      headers: authorization === undefined ? {} : { authorization },
    });

  test('an open greedy route is invoked, and resolves the references of its environment', async () => {
    const response = await fetch(`${outputs.ApiUrl}open/a/b?x=1`, { method: 'PUT' });
    expect(await response.json()).toMatchObject({
      name: outputs.EchoName,
      table: expect.stringMatching(/^Data-Table/),
      api: outputs.ApiUrl,
      event: { routeKey: 'ANY /open/{proxy+}', pathParameters: { proxy: 'a/b' }, rawQueryString: 'x=1' },
    });
  });

  test('a route with a JWT authorizer wants a token of its issuer, its audience and its scope', async () => {
    expect([(await send()).status, (await send('Bearer nonsense')).status]).toEqual([401, 401]);
    expect((await send(`Bearer ${await token('stranger')}`)).status).toBe(401);
    const withoutScope = await send(`Bearer ${await token('sample-client', 'messages:read')}`);
    expect([withoutScope.status, await withoutScope.json()]).toEqual([403, { message: 'Forbidden' }]);
    const allowed = await send(`Bearer ${await token('sample-client', 'messages:send')}`);
    expect(await allowed.json()).toMatchObject({
      event: {
        requestContext: {
          authorizer: {
            jwt: {
              claims: { client_id: 'sample-client', scope: 'messages:send' },
              scopes: ['messages:send'],
            },
          },
        },
      },
    });
  });

  test('the issuer gives no token for a wrong secret or a scope that the client has not', async () => {
    const ask = (form: Record<string, string>): Promise<Response> =>
      fetch(`${cloud.endpoints.issuer}/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
    const client = { grant_type: 'client_credentials', client_id: 'sample-client' };
    expect((await ask({ ...client, client_secret: 'guess' })).status).toBe(401);
    expect((await ask({ ...client, client_secret: 'secret', scope: 'audit' })).status).toBe(400);
    expect((await ask({ grant_type: 'password' })).status).toBe(400);
  });

  test('a preflight is answered for the origin that the API allows, and for no other', async () => {
    const preflight = (origin: string): Promise<Response> =>
      fetch(`${outputs.ApiUrl}messages`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = await preflight('http://console.local');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'http://console.local',
    ]);
    expect((await preflight('http://elsewhere')).headers.get('access-control-allow-origin')).toBeNull();
  });

  test('an event whose function fails is retried, then dead-lettered; a bad entry fails alone', async () => {
    const client = new EventBridgeClient({
      endpoint: cloud.endpoints.eventbridge,
      region: cloud.region,
      credentials,
    });
    const entry = { Source: 'sample', DetailType: 'to-function', EventBusName: outputs.BusName };
    const answer = await client.send(
      new PutEventsCommand({
        Entries: [
          { ...entry, Detail: '{"fail":true}' },
          { ...entry, Detail: 'no json' },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(1);
    expect(answer.Entries?.[1]?.ErrorCode).toBe('MalformedDetail');
    const queue = cloud.describe().queues.find((name) => name.includes('DeadLetters')) ?? '';
    const [dead] = await eventually(async () => {
      const bodies = await receiveBodies(cloud, queue);
      return bodies.length > 0 ? bodies : undefined;
    });
    expect(JSON.parse(dead ?? '{}')).toMatchObject({ 'detail-type': 'to-function', detail: { fail: true } });
    client.destroy();
  }, 15_000);

  test('a generated secret is read and put through the SDK', async () => {
    const client = new SecretsManagerClient({
      endpoint: cloud.endpoints.secretsmanager,
      region: cloud.region,
      credentials,
    });
    const SecretId = outputs.SecretArn;
    const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId }));
    expect(JSON.parse(SecretString)).toEqual({ user: 'sample', password: expect.stringMatching(/^.{32}$/) });
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: 'mine' }));
    expect((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString).toBe('mine');
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'nobody' }))).rejects.toThrow(
      "can't find",
    );
    client.destroy();
  });

  test('a function is invoked by name over Lambda’s own API, and a stranger is a 404', async () => {
    const invoke = (name: string): Promise<Response> =>
      fetch(`${cloud.endpoints.lambda}/2015-03-31/functions/${name}/invocations`, {
        method: 'POST',
        body: '{"n":1}',
      });
    expect(await (await invoke(outputs.EchoName ?? '')).json()).toMatchObject({ event: { n: 1 } });
    expect((await invoke('nobody')).status).toBe(404);
  });

  test('a service without a local engine is refused by name', async () => {
    const response = await fetch(cloud.endpoints.lambda, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSStepFunctions.StartExecution' },
      body: '{}',
    });
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { message: 'The local platform does not offer AWSStepFunctions.StartExecution.' },
    ]);
  });
});
