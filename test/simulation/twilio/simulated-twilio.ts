import { webhookUrl } from '../../../functions/shared/contract/webhook-urls.ts';
import type { GetResult } from '../../../functions/shared/twilio/ledger-get.ts';
import type { PostResult } from '../../../functions/shared/twilio/post-once.ts';
import type { Parameter } from '../../fakes/ingress/twilio-signer.ts';
import { ACCOUNT, HOOKS_ORIGIN, OUR_NUMBER, SECRET_PREFIX } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { shown, shownCancel } from './answers.ts';
import { BadWeather } from './bad-weather.ts';
import { planDelivery, type StatusStep } from './delivery-plan.ts';
import { FATES, type Fate, type FateName } from './fates.ts';
import { Ledger, type LedgerMessage } from './ledger.ts';
import { answerGet, failGet } from './message-queries.ts';
import { deliverWebhook } from './webhooks.ts';

const HOUR = 3_600_000;
const SERVICE_LEVEL = webhookUrl(HOOKS_ORIGIN, 'messageStatus', { accountSid: ACCOUNT });
/** Error 35115: a schedule less than five minutes ahead. */
const LEAST_NOTICE_MILLISECONDS = 300_000;
const TOO_NEAR: Fate = { accepts: false, shows: 'twilio-error', errorCode: 35115 };
const OLD_TOKEN = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const NEW_TOKEN = '11111111222222223333333344444444';

/** Twilio as its documentation describes it, with a ledger that says what is true. */
export class SimulatedTwilio {
  readonly ledger = new Ledger();
  readonly #weather: BadWeather;
  readonly #callbackUrls = new Map<string, string>();
  /** Overrides the draw, for enumerations: the fate of the n-th POST. */
  fateOf: ((number: number) => FateName | undefined) | undefined;
  posts = 0;
  signingToken = OLD_TOKEN;
  #secretTokens: readonly string[] = [OLD_TOKEN];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
    this.#weather = new BadWeather(world.random('weather'), world.now, world.profile.badWeather);
  }

  secretText(name: string): string {
    if (name !== `${SECRET_PREFIX}${ACCOUNT}`) throw new Error('no such secret');
    return JSON.stringify({ accountSid: ACCOUNT, authTokens: this.#secretTokens });
  }

  /** The secret learns the new token first; Twilio signs with it a minute later; the old one is taken out an hour later. */
  rotate(at: number): void {
    const { scheduler, coverage } = this.#world;
    scheduler.at(at, () => {
      this.#secretTokens = [OLD_TOKEN, NEW_TOKEN];
    });
    scheduler.at(at + 60_000, () => {
      coverage.reach('fault: auth token rotated');
      this.signingToken = NEW_TOKEN;
    });
    scheduler.at(at + HOUR, () => {
      this.#secretTokens = [NEW_TOKEN];
    });
  }

  /** `POST Messages.json`: what Twilio does with it and what the client sees. */
  post(request: { readonly form: URLSearchParams; readonly timeoutMilliseconds: number }): {
    readonly result: PostResult;
    readonly after: number;
  } {
    this.posts += 1;
    const sendAt = Date.parse(request.form.get('SendAt') ?? '') || undefined;
    const name = this.fateOf?.(this.posts) ?? this.#weather.fateAt(this.#world.now) ?? this.#drawFate();
    const isTooNear = sendAt !== undefined && sendAt - this.#world.now < LEAST_NOTICE_MILLISECONDS;
    const fate: Fate = isTooNear ? TOO_NEAR : FATES[name];
    this.#world.coverage.reach(`fate: ${name}`);
    const message = fate.accepts ? this.#accept(request.form) : undefined;
    this.#world.judge.posted(request.form, message);
    const random = this.#world.random('answers');
    const after = random.chance(0.03) ? random.between(1_000, 7_500) : random.between(60, 900);
    const isTimeout = fate.shows === 'timeout';
    if (message !== undefined) message.answeredAt = this.#world.now + after;
    return { result: shown(fate, message), after: isTimeout ? request.timeoutMilliseconds : after };
  }

  /** A message that did not come from here, such as one sent from Twilio's console; its callbacks carry no token. */
  acceptForeign(): void {
    this.#announce(this.#enter({ to: '+15550199999', body: 'not ours', messagingServiceSid: '' }), {
      statusCallback: SERVICE_LEVEL,
    });
  }

  receiveText(from: string, body: string): void {
    const world = this.#world;
    const sid = `SM${world.random('sids').hex(32)}`;
    const text = {
      sid,
      from,
      body,
      sentAt: world.now,
      listedAt: world.now + this.#listLag(),
      acknowledgements: 0,
    };
    this.ledger.inbound.set(sid, text);
    const parameters: readonly Parameter[] = [
      ['MessageSid', sid],
      ['SmsSid', sid],
      ['SmsMessageSid', sid],
      ['AccountSid', ACCOUNT],
      ['From', from],
      ['To', OUR_NUMBER],
      ['Body', body],
      ['NumMedia', '0'],
      ['NumSegments', '1'],
      ['ApiVersion', '2010-04-01'],
    ];
    deliverWebhook(world, {
      url: webhookUrl(HOOKS_ORIGIN, 'inboundMessage', { accountSid: ACCOUNT }),
      fallbackUrl: webhookUrl(HOOKS_ORIGIN, 'inboundMessageFallback', { accountSid: ACCOUNT }),
      parameters,
      about: `${sid} inbound`,
      acknowledged: () => {
        text.acknowledgements += 1;
      },
    });
  }

  /** `POST Messages/{sid}.json` with `Status=canceled`. */
  cancel(sid: string, timeoutMilliseconds: number): { readonly result: PostResult; readonly after: number } {
    const world = this.#world;
    const random = world.random('cancels');
    const message = this.ledger.messages.get(sid);
    const isFailing = random.chance(world.faults.readFails * 2);
    const isCarriedOut = !isFailing || random.chance(0.5);
    const isInTime =
      message !== undefined && message.canceledAt === undefined && world.now < message.startsAt;
    if (isFailing) world.coverage.reach('fault: cancel at Twilio gets no answer');
    if (isCarriedOut && isInTime) this.#callOff(message);
    if (isFailing)
      return { result: { kind: 'no-answer', reason: 'timeout', partial: {} }, after: timeoutMilliseconds };
    return { result: shownCancel(message, isInTime, world.now), after: random.between(60, 700) };
  }

  #callOff(message: LedgerMessage): void {
    this.#world.coverage.reach('reached: message called off at Twilio');
    this.#world.note(`twilio calls off ${message.sid}`);
    message.canceledAt = this.#world.now;
    message.plan = [{ status: 'canceled', after: this.#world.now - message.startsAt }];
    this.#announce(message, { statusCallback: this.#callbackUrls.get(message.sid) ?? SERVICE_LEVEL });
  }

  get areHooksDown(): boolean {
    return this.#weather.areHooksDownAt(this.#world.now);
  }

  /** A read of messages. */
  get(url: URL, timeoutMilliseconds: number): { readonly result: GetResult; readonly after: number } {
    const isUnreadable = this.#weather.isUnreadableAt(this.#world.now);
    const failure = failGet(this.#world, { timeoutMilliseconds, isUnreadable });
    if (failure !== undefined) return failure;
    const { status, content } = answerGet(this.#world, this.ledger, url);
    const answer = { httpStatus: status, headers: new Map<string, string>(), body: JSON.stringify(content) };
    return { result: { kind: 'answered', answer }, after: this.#world.random('reads').between(50, 600) };
  }

  /** Twenty seconds in the mean, five minutes at most. */
  #listLag(): number {
    const { faults } = this.#world;
    return Math.min(
      faults.listLagMilliseconds,
      -Math.log(1 - this.#world.random('lag').fraction()) * (faults.listLagMilliseconds / 15),
    );
  }

  #drawFate(): FateName {
    const { fates } = this.#world.faults;
    const names = Object.keys(fates) as FateName[];
    let draw = this.#world.random('fates').fraction() * names.reduce((sum, name) => sum + fates[name], 0);
    for (const name of names) {
      draw -= fates[name];
      if (draw < 0) return name;
    }
    return 'accepted';
  }

  #accept(form: URLSearchParams): LedgerMessage {
    const statusCallback = form.get('StatusCallback') ?? '';
    const token = new URL(statusCallback).pathname.split('/').at(-1) ?? '';
    const [to, body, messagingServiceSid] = ['To', 'Body', 'MessagingServiceSid'].map(
      (name) => form.get(name) ?? '',
    );
    const startsAt = Date.parse(form.get('SendAt') ?? '') || this.#world.now;
    if (startsAt > this.#world.now) this.#world.coverage.reach('reached: message scheduled at Twilio');
    const message = this.#enter({
      to: to!,
      body: body!,
      messagingServiceSid: messagingServiceSid!,
      token,
      startsAt,
    });
    this.#announce(message, { statusCallback });
    return message;
  }

  #enter(
    message: Pick<LedgerMessage, 'to' | 'body' | 'messagingServiceSid' | 'token'> & {
      readonly startsAt?: number;
    },
  ): LedgerMessage {
    const world = this.#world;
    const entered: LedgerMessage = {
      startsAt: world.now,
      ...message,
      sid: `SM${world.random('sids').hex(32)}`,
      acceptedAt: world.now,
      answeredAt: world.now,
      listedAt: world.now + this.#listLag(),
      plan: planDelivery(world.random('deliveries')),
      acknowledged: [],
    };
    this.ledger.messages.set(entered.sid, entered);
    world.note(`twilio accepts ${entered.sid} ${entered.token ?? 'foreign'}`);
    return entered;
  }

  #announce(message: LedgerMessage, { statusCallback }: { readonly statusCallback: string }): void {
    this.#callbackUrls.set(message.sid, statusCallback);
    const { faults, coverage, scheduler } = this.#world;
    const random = this.#world.random('callbacks');
    for (const step of message.plan) {
      const isDropped = random.chance(faults.callbackDropped);
      const isLate = random.chance(faults.callbackLate);
      const wait = Math.max(0, message.startsAt + step.after - this.#world.now);
      const after = wait + (isLate ? random.between(HOUR, 24 * HOUR) : random.between(0, 3_000));
      if (isDropped) coverage.reach('fault: callback dropped');
      if (isLate) coverage.reach('fault: callback hours late');
      const isTokenless = random.chance(faults.callbackTokenless);
      if (isTokenless) coverage.reach('fault: callback without a token');
      const url = isTokenless ? SERVICE_LEVEL : statusCallback;
      const copies = random.chance(faults.callbackRepeated) ? 2 + random.below(2) : 1;
      if (copies > 1) coverage.reach('fault: callback repeated');
      for (let copy = 0; copy < copies && !isDropped; copy += 1) {
        scheduler.after(after + copy * random.between(0, 5_000), () => this.#callBack(message, step, url));
      }
    }
  }

  #callBack(message: LedgerMessage, step: StatusStep, url: string): void {
    // What was called off before its time goes no further.
    if (!message.plan.includes(step)) return;
    if (this.#world.now < message.answeredAt)
      this.#world.coverage.reach('reached: callback before the answer to its POST');
    const { status, errorCode } = step;
    const parameters: readonly Parameter[] = [
      ['MessageSid', message.sid],
      ['SmsSid', message.sid],
      ['MessageStatus', status],
      ['SmsStatus', status],
      ['AccountSid', ACCOUNT],
      ['From', OUR_NUMBER],
      ['To', message.to],
      ['ApiVersion', '2010-04-01'],
      ...(errorCode === undefined ? [] : ([['ErrorCode', String(errorCode)]] as const)),
    ];
    deliverWebhook(this.#world, {
      url,
      parameters,
      about: `${message.sid} ${status} ${errorCode ?? ''}`.trim(),
      acknowledged: () => {
        const report = errorCode === undefined ? { status } : { status, errorCode };
        message.acknowledged.push({ ...report, withToken: url !== SERVICE_LEVEL });
      },
    });
  }
}
