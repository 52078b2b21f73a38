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
      return Sent.parse(await okJson(await post(url, { to, body }))).messageSid;
    },
    messages: async () => HandsetMessages.parse(await okJson(await fetch(url))).messages,
  };
}

const CallState = z.object({
  sid: z.string(),
  status: z.string(),
  end: z.string().optional(),
  createdAt: z.number(),
  endedAt: z.number().nullable(),
  waiting: z.object({ verb: z.string(), input: z.array(z.string()).optional() }).optional(),
  transcript: z.array(
    z.discriminatedUnion('kind', [
      z.object({ at: z.number(), kind: z.literal('verb'), verb: z.string() }),
      z.object({
        at: z.number(),
        kind: z.literal('heard'),
        what: z.string(),
        text: z.string(),
        ms: z.number(),
      }),
      z.object({ at: z.number(), kind: z.literal('did'), what: z.string(), text: z.string() }),
      z.object({
        at: z.number(),
        kind: z.literal('request'),
        url: z.string(),
        method: z.string(),
        fallback: z.boolean(),
        statusCode: z.number().optional(),
        errorCode: z.number().optional(),
      }),
    ]),
  ),
});
export type CallState = z.infer<typeof CallState>;

const Placed = z.object({ callSid: z.string() });

/** A call from a simulated phone, over the simulator's HTTP API. */
export interface CallClient {
  readonly callSid: string;
  state(): Promise<CallState>;
  keys(digits: string): Promise<void>;
  speech(text: string): Promise<void>;
  hangUp(): Promise<void>;
}

/** Calls from the phone; what the script says is done by the simulator itself, to the millisecond. */
export async function placeCall(
  simulatorUrl: string,
  { from, to, script }: { readonly from: string; readonly to: string; readonly script: unknown },
): Promise<CallClient> {
  const phone = `${simulatorUrl}/simulator/phones/${encodeURIComponent(from)}/calls`;
  const { callSid } = Placed.parse(await okJson(await post(phone, { to, script })));
  const url = `${simulatorUrl}/simulator/calls/${callSid}`;
  const act = async (action: string, body: unknown): Promise<void> => {
    await okJson(await post(`${url}/${action}`, body));
  };
  return {
    callSid,
    state: async () => CallState.parse(await okJson(await fetch(url))),
    keys: (digits) => act('keys', { digits }),
    speech: (text) => act('speech', { text }),
    hangUp: () => act('hangup', {}),
  };
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function okJson(response: Response): Promise<unknown> {
  if (response.ok) return response.json();
  throw new CommandError(`the simulator answered ${response.status}: ${await response.text()}`);
}
