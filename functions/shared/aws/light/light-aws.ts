import type { Clock } from '../../ports/clock.ts';
import type { Randomness, Sleep } from '../../ports/randomness.ts';
import { type Environment, requireEnvironment } from '../../runtime/environment.ts';
import type { Transport } from './http-transport.ts';
import { type Credentials, signRequest } from './sign-request.ts';

/** What the ingress functions need of AWS, without the SDK: its load and first call take as long as all else (docs/adr/0006). */
export interface LightAws {
  readonly transport: Transport;
  readonly credentials: Credentials;
  readonly region: string;
  readonly endpoints: Readonly<Record<LightService, URL>>;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly sleep: Sleep;
}

type LightService = 'dynamodb' | 'secretsmanager';

export interface LightCall {
  readonly service: LightService;
  /** `X-Amz-Target`: API version and operation. */
  readonly target: string;
  /** AWS JSON protocol of the service. */
  readonly protocol: '1.0' | '1.1';
  readonly body: string;
  readonly timeoutMilliseconds: number;
}

/** One signed request; rejects with TransportError. */
export const sendOnce = (aws: LightAws, call: LightCall) => {
  const url = aws.endpoints[call.service];
  const headers = signRequest({
    url,
    region: aws.region,
    service: call.service,
    headers: { 'content-type': `application/x-amz-json-${call.protocol}`, 'x-amz-target': call.target },
    body: call.body,
    credentials: aws.credentials,
    now: aws.clock(),
  });
  return aws.transport({ url, headers, body: call.body, timeoutMilliseconds: call.timeoutMilliseconds });
};

/** Region, credentials and endpoint overrides as Lambda and the AWS SDKs name them. @throws EnvironmentError */
export const createLightAws = (
  environment: Environment,
  parts: Pick<LightAws, 'transport' | 'clock' | 'randomness' | 'sleep'>,
): LightAws => {
  const region = requireEnvironment('AWS_REGION', environment);
  const sessionToken = environment.AWS_SESSION_TOKEN;
  return {
    ...parts,
    region,
    credentials: {
      accessKeyId: requireEnvironment('AWS_ACCESS_KEY_ID', environment),
      secretAccessKey: requireEnvironment('AWS_SECRET_ACCESS_KEY', environment),
      ...(sessionToken !== undefined && sessionToken !== '' && { sessionToken }),
    },
    endpoints: {
      dynamodb: endpoint(environment, 'AWS_ENDPOINT_URL_DYNAMODB', `dynamodb.${region}`),
      secretsmanager: endpoint(environment, 'AWS_ENDPOINT_URL_SECRETS_MANAGER', `secretsmanager.${region}`),
    },
  };
};

const endpoint = (environment: Environment, name: string, host: string): URL => {
  const override = environment[name] || environment.AWS_ENDPOINT_URL;
  const suffix = host.includes('.cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL(override || `https://${host}.${suffix}/`);
};
