import { HOOK_ROUTES } from '../../../functions/shared/contract/routes.ts';
import { encodeForm, type Parameter, signForm } from '../../fakes/ingress/twilio-signer.ts';
import { FUNCTIONS } from '../world/function-catalogue.ts';
import { ACCOUNT } from '../world/settings.ts';
import type { World } from '../world/world.ts';

export interface Webhook {
  /** As Twilio was given it, connection overrides in the fragment. */
  readonly url: string;
  readonly parameters: readonly Parameter[];
  readonly about: string;
  readonly fallbackUrl?: string;
  /** Asked whenever a request of it was answered with 2xx, whether or not Twilio saw the answer. */
  readonly acknowledged: () => void;
}

/** Twilio gives all tries of one webhook together this long. */
const BUDGET_MILLISECONDS = 15_000;
const DEFAULT_CONNECT_MILLISECONDS = 5_000;
const DEFAULT_READ_MILLISECONDS = 15_000;

/** Posts webhooks as Twilio does: signed, with connection overrides, all tries within one budget, then the fallback. */
export const deliverWebhook = (world: World, webhook: Webhook): void => {
  const overrides = new URLSearchParams(new URL(webhook.url).hash.slice(1));
  const readMilliseconds = Number(overrides.get('rt') ?? DEFAULT_READ_MILLISECONDS);
  const connectMilliseconds = Number(overrides.get('ct') ?? DEFAULT_CONNECT_MILLISECONDS);
  const tries = 1 + Number(overrides.get('rc') ?? 1);
  const deadline = world.now + BUDGET_MILLISECONDS;
  const attempt = (number: number): void => {
    if (number > tries || world.now >= deadline) {
      giveUp(world, webhook);
      return;
    }
    const limits = {
      readMilliseconds: Math.min(readMilliseconds, deadline - world.now),
      connectMilliseconds,
    };
    postOnce(world, webhook, limits, (isTaken) => {
      if (!isTaken) world.coverage.reach('fault: Twilio tries a webhook again');
      if (!isTaken) attempt(number + 1);
    });
  };
  attempt(1);
};

const giveUp = (world: World, webhook: Webhook): void => {
  const { fallbackUrl, ...rest } = webhook;
  if (fallbackUrl === undefined) {
    world.coverage.reach('fault: Twilio gives a webhook up');
    world.note(`webhook given up ${webhook.about}`);
    return;
  }
  world.coverage.reach('fault: Twilio calls the fallback');
  const added: readonly Parameter[] = [
    ['ErrorCode', '11200'],
    ['ErrorUrl', webhook.url.split('#')[0] ?? ''],
  ];
  deliverWebhook(world, { ...rest, url: fallbackUrl, parameters: [...webhook.parameters, ...added] });
};

const postOnce = (
  world: World,
  webhook: Webhook,
  limits: { readonly readMilliseconds: number; readonly connectMilliseconds: number },
  done: (isTaken: boolean) => void,
): void => {
  const random = world.random('webhooks');
  const areHooksDown = world.twilio.areHooksDown;
  if (areHooksDown) world.coverage.reach('fault: no webhook arrives for minutes');
  if (areHooksDown || random.chance(world.faults.webhookLost)) {
    world.coverage.reach('fault: webhook lost on its way');
    world.scheduler.after(limits.connectMilliseconds, () => done(false));
    return;
  }
  let isOver = false;
  const conclude = (isTaken: boolean) => {
    if (isOver) return;
    isOver = true;
    done(isTaken);
  };
  world.scheduler.after(limits.readMilliseconds, () => conclude(false));
  postWebhook(world, { ...webhook, token: world.twilio.signingToken }, (status) => {
    if (status >= 200 && status < 300) webhook.acknowledged();
    else if (status < 500) world.violate('genuine-webhook-refused', `answered with ${status}`, webhook.about);
    if (status < 300 && random.chance(world.faults.responseLost)) {
      world.coverage.reach('fault: answer to a webhook lost');
      return;
    }
    conclude(status < 300);
  });
};

export interface WebhookPost {
  readonly url: string;
  readonly parameters: readonly Parameter[];
  readonly about: string;
  /** Auth token that signs it. */
  readonly token: string;
}

/** One request to the real handler. */
export const postWebhook = (world: World, post: WebhookPost, answered: (status: number) => void): void => {
  const url = post.url.split('#')[0] ?? '';
  world.note(`webhook ${post.about}`);
  const event = httpEvent(url, post.parameters, signForm(post.token, url, post.parameters));
  world.lambda.invoke(FUNCTIONS.receiveWebhook, event, (result) => {
    const status =
      result.kind === 'failed' ? 502 : (result.value as { readonly statusCode: number }).statusCode;
    world.note(`webhook ${post.about} answered ${status}`);
    answered(status);
  });
};

const httpEvent = (url: string, parameters: readonly Parameter[], signature: string): object => {
  const { pathname } = new URL(url);
  const tail = pathname.replace(`/twilio/${ACCOUNT}`, '');
  const token = /^\/messages\/status\/(.+)$/.exec(tail)?.[1];
  const path = token === undefined ? `/twilio/{accountSid}${tail}` : HOOK_ROUTES.messageStatusOfAttempt;
  return {
    version: '2.0',
    routeKey: `POST ${path}`,
    rawPath: pathname,
    rawQueryString: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'x-twilio-signature': signature,
    },
    pathParameters: { accountSid: ACCOUNT, ...(token === undefined ? {} : { token }) },
    requestContext: { requestId: 'simulated' },
    body: encodeForm(parameters),
    isBase64Encoded: false,
  };
};
