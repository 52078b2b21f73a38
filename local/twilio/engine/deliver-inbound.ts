import type { MessageRecord } from '../domain/message.ts';
import { inboundParameters, type WebhookParameters } from '../domain/webhook-parameters.ts';
import type { AccountRecord, InboundEntry } from '../state/simulator-state.ts';
import { readMessagingTwiml, type TwimlReply } from '../twiml/read-messaging-twiml.ts';
import { deliverWebhook, type WebhookResult } from '../webhooks/deliver-webhook.ts';
import { acceptMessage, optOutError } from './accept-message.ts';
import { idempotencyToken } from './deliver-callback.ts';
import { findAccount, findNumber, report, type World } from './world.ts';

/** Calls the webhook for an inbound message, then the fallback where it fails, and carries out the TwiML. */
export async function deliverInbound(world: World, messageSid: string, copy: number): Promise<void> {
  const entry = world.state.inbound[messageSid];
  const message = world.state.messages[messageSid];
  const account = message && findAccount(world, message.accountSid);
  if (!entry || !message || !account) return;
  const hook = webhookFor(world, account, message);
  if (!hook) return;
  const visit = { world, account, message, entry, copy };
  const params = inboundParameters({
    message,
    media: mediaOf(world, message),
    extras: entry.extras,
    optOutType: hook.tellsOptOutType ? entry.optOutKeyword : undefined,
  });
  const failure = await fetchTwiml(visit, { url: hook.url, method: hook.method, params, fallback: false });
  if (!failure || !hook.fallbackUrl) return;
  const context = [
    ['ErrorCode', `${failure.errorCode}`],
    ['ErrorUrl', hook.url.split('#')[0] ?? ''],
  ] as const;
  await fetchTwiml(visit, {
    url: hook.fallbackUrl,
    method: 'POST',
    params: [...params, ...context],
    fallback: true,
  });
}

interface Webhook {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly fallbackUrl: string | undefined;
  readonly tellsOptOutType: boolean;
}

/** A pool number's messages go to its Messaging Service unless that leaves them to the number. */
function webhookFor(world: World, account: AccountRecord, message: MessageRecord): Webhook | undefined {
  const number = findNumber(world, message.to)?.number;
  const service = account.messagingServices.find(({ sid }) => sid === message.messagingServiceSid);
  const tellsOptOutType = service?.advancedOptOut ?? false;
  if (service?.inboundRequestUrl && !service.useInboundWebhookOnNumber) {
    return {
      url: service.inboundRequestUrl,
      method: service.inboundMethod,
      fallbackUrl: service.fallbackUrl,
      tellsOptOutType,
    };
  }
  const url = number?.settings.SmsUrl;
  if (!url) return undefined;
  return {
    url,
    method: number.settings.SmsMethod === 'GET' ? 'GET' : 'POST',
    fallbackUrl: number.settings.SmsFallbackUrl || service?.fallbackUrl,
    tellsOptOutType,
  };
}

function mediaOf(world: World, message: MessageRecord): { url: string; contentType: string }[] {
  return message.mediaSids.flatMap((sid) => {
    const media = world.state.media[sid];
    const path = `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}/Media/${sid}`;
    return media ? [{ url: `${world.publicUrl()}${path}`, contentType: media.contentType }] : [];
  });
}

interface Visit {
  readonly world: World;
  readonly account: AccountRecord;
  readonly message: MessageRecord;
  readonly entry: InboundEntry;
  readonly copy: number;
}

interface Page {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly params: WebhookParameters;
  readonly fallback: boolean;
}

interface Failure {
  readonly errorCode: number;
  readonly detail: string;
}

const mostDocuments = 10;

/** Follows `<Redirect>` from document to document; returns why it failed, if it did. */
async function fetchTwiml(visit: Visit, first: Page): Promise<Failure | undefined> {
  let page = first;
  for (let documents = 0; documents < mostDocuments; documents += 1) {
    const result = await request(visit, page);
    if (result.kind === 'failed') return fail(visit, page, result);
    const twiml = readMessagingTwiml(result);
    if (twiml.kind === 'error') return fail(visit, page, twiml);
    for (const warning of twiml.warnings) warn(visit, page, { errorCode: 12200, detail: warning });
    for (const reply of twiml.replies) sendReply(visit, page, reply);
    if (!twiml.redirect) return undefined;
    if (!URL.canParse(twiml.redirect.url, result.url)) {
      return fail(visit, page, { errorCode: 11100, detail: `<Redirect> to ${twiml.redirect.url}` });
    }
    page = { ...page, url: new URL(twiml.redirect.url, result.url).href, method: twiml.redirect.method };
  }
  return fail(visit, page, { errorCode: 11215, detail: `more than ${mostDocuments} documents` });
}

async function request({ world, account, message, entry, copy }: Visit, page: Page): Promise<WebhookResult> {
  const { attempts, result } = await deliverWebhook(
    {
      url: page.url,
      method: page.method,
      params: page.params,
      authToken: account.authToken,
      idempotencyToken: idempotencyToken(world, message.sid, page.url, copy),
    },
    { transport: world.transport, now: world.clock.now },
  );
  entry.attempts.push(...attempts.map((attempt) => ({ ...attempt, copy, fallback: page.fallback })));
  return result;
}

function fail(visit: Visit, page: Page, failure: Failure): Failure {
  note(visit, page, { ...failure, level: 'ERROR' });
  return failure;
}

const warn = (visit: Visit, page: Page, failure: Failure) =>
  note(visit, page, { ...failure, level: 'WARNING' });

function note(visit: Visit, page: Page, entry: Failure & { level: 'ERROR' | 'WARNING' }): void {
  report(visit.world, {
    accountSid: visit.account.accountSid,
    level: entry.level,
    errorCode: entry.errorCode,
    detail: entry.detail,
    resourceSid: visit.message.sid,
    url: page.url,
  });
}

/** A `<Message>` becomes an outbound message from the number that was written to. */
function sendReply(visit: Visit, page: Page, reply: TwimlReply): void {
  const { world, account, message, entry } = visit;
  if (reply.body === '' && reply.mediaUrls.length === 0) {
    warn(visit, page, { errorCode: 14103, detail: 'a <Message> has neither body nor media' });
    return;
  }
  const command = {
    to: reply.to ?? message.from ?? '',
    from: reply.from ?? message.to,
    body: reply.body,
    mediaUrls: reply.mediaUrls,
    statusCallback: absolute(reply.statusCallback, page.url),
  };
  const refused = optOutError(world, account, command);
  if (refused) warn(visit, page, { errorCode: refused.code, detail: refused.message });
  else entry.replies.push(acceptMessage(world, account, command, 'outbound-reply').message.sid);
}

function absolute(url: string | undefined, base: string): string | undefined {
  return url !== undefined && URL.canParse(url, base) ? new URL(url, base).href : undefined;
}
