import twilio from 'twilio';
import { createManualClock, type ManualClock } from '../../../../local/twilio/manual-clock.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../../local/twilio/start-simulator.ts';
import { startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

export const accountSid = `AC${'a1'.repeat(16)}`;
export const authToken = 'primary-token';
export const apiKeySid = `SK${'c3'.repeat(16)}`;
export const serviceSid = `MG${'b2'.repeat(16)}`;
export const ourNumber = '+15550100001';
export const poolNumber = '+15550100002';
export const ourWhatsApp = 'whatsapp:+15550100001';
export const phone = '+15550107777';

export interface Stage {
  readonly clock: ManualClock;
  readonly simulator: Simulator;
  readonly receiver: WebhookReceiver;
  /** The unmodified library, pointed at the simulator. */
  readonly client: twilio.Twilio;
  readonly statusUrl: string;
}

/** 2026-11-23T12:00:00Z */
export const startAt = 1_795_435_200_000;

type Overrides = Partial<SimulatorOptions>;

const open: { close(): Promise<void> }[] = [];

/** Closes at the end of the test, whether it passes or not (with `closeStages` after each test). */
export function closeLater(thing: { close(): Promise<void> }): void {
  open.push(thing);
}

export async function closeStages(): Promise<void> {
  for (const thing of open.splice(0)) await thing.close();
}

/** A simulator on a clock that stands still, an application beside it, and a client. */
export async function setStage(overrides: (receiverUrl: string) => Overrides = () => ({})): Promise<Stage> {
  const clock = createManualClock(startAt);
  const receiver = await startWebhookReceiver();
  const simulator = await startSimulator({
    clock,
    seed: 'a seed',
    accounts: [accountAt(receiver.url)],
    ...overrides(receiver.url),
  });
  closeLater(receiver);
  closeLater({ close: () => simulator.stop() });
  return {
    clock,
    simulator,
    receiver,
    client: clientFor(simulator.url),
    statusUrl: `${receiver.url}/status`,
  };
}

export const accountAt = (webhooks: string): SimulatorOptions['accounts'][number] => ({
  accountSid,
  authToken,
  secondaryAuthToken: 'secondary-token',
  apiKeys: [{ sid: apiKeySid, secret: 'key-secret' }],
  messagingServices: [
    {
      sid: serviceSid,
      inboundRequestUrl: `${webhooks}/service-inbound`,
      statusCallback: `${webhooks}/service-status`,
    },
  ],
  numbers: [
    {
      phoneNumber: ourNumber,
      smsUrl: `${webhooks}/inbound`,
      smsFallbackUrl: `${webhooks}/fallback`,
      voiceUrl: `${webhooks}/voice`,
      voiceFallbackUrl: `${webhooks}/voice-fallback`,
      statusCallback: `${webhooks}/number-status`,
    },
    { phoneNumber: poolNumber, messagingServiceSid: serviceSid },
    { phoneNumber: ourWhatsApp, smsUrl: `${webhooks}/inbound` },
  ],
});

export function clientFor(url: string, user = accountSid, password = authToken): twilio.Twilio {
  const client = twilio(user, password, { accountSid });
  client.api.baseUrl = url;
  client.accounts.baseUrl = url;
  client.taskrouter.baseUrl = url;
  return client;
}

/** What a call of the library was refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code?: number; status?: number; message: string }> {
  const outcome: unknown = await call.then(
    () => new Error('the call was not refused'),
    (error: unknown) => error,
  );
  const { code, status, message } = outcome as { code?: number; status?: number; message: string };
  return { ...(code === undefined ? {} : { code }), ...(status === undefined ? {} : { status }), message };
}
