import { LOCAL_ACCOUNT_ID } from '../engines/queue-engine.ts';
import type { Endpoints } from '../platform.ts';

export interface EnvironmentOf {
  readonly name: string;
  readonly handler: string;
  readonly memoryMegabytes: number;
  /** What the template sets; it wins. */
  readonly own: Readonly<Record<string, string>>;
}

/**
 * The environment of a function: what its template says, what Lambda always sets, and the way to the local engines.
 * A service that has no engine here leads to an endpoint that refuses it by name; nothing ever reaches AWS.
 */
export function functionEnvironment(
  { name, handler, memoryMegabytes, own }: EnvironmentOf,
  { region, endpoints }: { readonly region: string; readonly endpoints: Endpoints },
): Readonly<Record<string, string>> {
  return {
    ...endpointVariables(endpoints),
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ACCOUNT_ID: LOCAL_ACCOUNT_ID,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_XRAY_CONTEXT_MISSING: 'IGNORE_ERROR',
    POWERTOOLS_TRACE_ENABLED: 'false',
    _HANDLER: handler,
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    PATH: process.env.PATH ?? '',
    ...own,
  };
}

function endpointVariables(endpoints: Endpoints): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoints.lambda,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: endpoints.dynamodb,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SNS: endpoints.sqs,
    AWS_ENDPOINT_URL_STS: endpoints.sqs,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsmanager,
    AWS_ENDPOINT_URL_SSM: endpoints.ssm,
    AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda,
  };
}
