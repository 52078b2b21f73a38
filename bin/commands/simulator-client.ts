import * as z from 'zod';
import { CommandError } from './command-error.ts';

const HandsetMessages = z.object({
  messages: z.array(
    z.object({ direction: z.enum(['sent', 'received']), peer: z.string(), body: z.string(), at: z.number() }),
  ),
});
export type HandsetMessage = z.infer<typeof HandsetMessages>['messages'][number];

const Sent = z.object({ messageSid: z.string().nullable() });

/** A simulated phone, over the simulator's HTTP API. */
export interface PhoneClient {
  text(to: string, body: string): Promise<string | null>;
  messages(): Promise<readonly HandsetMessage[]>;
}

export function createPhoneClient(simulatorUrl: string, address: string): PhoneClient {
  const url = `${simulatorUrl}/simulator/phones/${encodeURIComponent(address)}/messages`;
  return {
    text: async (to, body) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to, body }),
      });
      return Sent.parse(await okJson(response)).messageSid;
    },
    messages: async () => HandsetMessages.parse(await okJson(await fetch(url))).messages,
  };
}

async function okJson(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  throw new CommandError(`the simulator answered ${response.status}: ${await response.text()}`);
}
