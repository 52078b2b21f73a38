import twilio from 'twilio';
import { accountSid, authToken } from './stage.ts';
import type { Exchange } from './twilio-openapi.ts';

/** The library, with everything that it sends and gets written down. */
export function recordingClient(url: string, exchanges: Exchange[]): twilio.Twilio {
  const requests = new twilio.RequestClient();
  const httpClient = {
    async request(options: Parameters<typeof requests.request>[0]) {
      const uri = options.uri.replace(/https:\/\/(api|accounts|taskrouter)\.twilio\.com/, url);
      const response = await requests.request({ ...options, uri });
      const asked = new URL(uri);
      for (const [name, value] of Object.entries(options.params ?? {}))
        asked.searchParams.set(name, `${value}`);
      exchanges.push({
        method: options.method.toUpperCase(),
        url: asked.href,
        form: Object.entries(options.data ?? {}).flatMap(([name, value]) =>
          value === undefined ? [] : [name],
        ),
        status: response.statusCode,
        body: response.body ? JSON.stringify(response.body) : '',
      });
      return response;
    },
  };
  type Options = ConstructorParameters<typeof twilio.Twilio>[2];
  return twilio(accountSid, authToken, { httpClient } as unknown as Options);
}
