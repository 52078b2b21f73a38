import * as z from 'zod';

/** An AWS service answered a call with an error. */
export class AwsCallError extends Error {
  readonly code: string;

  constructor(target: string, code: string, message: string) {
    super(`${target}: ${code}: ${message}`);
    this.name = 'AwsCallError';
    this.code = code;
  }
}

export interface AwsJsonClient {
  call(target: string, body: unknown, signal?: AbortSignal): Promise<unknown>;
}

const errorSchema = z.looseObject({
  __type: z.string().default('UnknownError'),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/**
 * Speaks AWS's JSON 1.0 protocol to an engine on this machine. Signed in name only: the engines look at the
 * credential's region and check no signature.
 */
export function awsJsonClient(endpoint: string, service: string, region: string): AwsJsonClient {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    'x-amz-date': '20260101T000000Z',
  };
  return {
    call: async (target, body, signal) => {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { ...headers, 'x-amz-target': target },
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      });
      const answer: unknown = JSON.parse((await response.text()) || '{}');
      if (response.ok) return answer;
      const { __type, message, Message } = errorSchema.parse(answer);
      throw new AwsCallError(target, __type.split('#').at(-1) ?? __type, message ?? Message ?? '');
    },
  };
}
