import aws4 from 'aws4';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Signature Version 4 of a POST with a body.
 * @returns all headers to send, the given ones included
 */
export const signRequest = (request: {
  readonly url: URL;
  readonly region: string;
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly credentials: Credentials;
  /** Epoch milliseconds. */
  readonly now: number;
}): Readonly<Record<string, string>> => {
  const signed = aws4.sign(
    {
      method: 'POST',
      path: request.url.pathname,
      service: request.service,
      region: request.region,
      headers: { host: request.url.host, 'x-amz-date': amzDate(request.now), ...request.headers },
      body: request.body,
    },
    request.credentials,
  );
  const entries = Object.entries(signed.headers ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
};

/** `20261123T120000Z` */
const amzDate = (now: number): string => new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '');
