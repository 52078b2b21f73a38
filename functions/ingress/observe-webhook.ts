import { METRICS } from '../shared/contract/metrics.ts';
import type { Observer, SafeFields } from '../shared/ports/observer.ts';
import type { WebhookOutcome } from './receive-webhook.ts';

/** One line and one count for each request; a refused one says which rule it broke, never with what. */
export const observeWebhook = (outcome: WebhookOutcome, milliseconds: number, observer: Observer): void => {
  const fields = { outcome: outcome.kind, ...describe(outcome), milliseconds };
  observer.count(METRICS.webhook, 1, outcome.kind);
  if (outcome.kind === 'accepted') observer.duration(METRICS.acknowledgementTime, milliseconds);
  if (outcome.kind === 'accepted' || outcome.kind === 'duplicate') observer.info('webhook', fields);
  else observer.warn('webhook', fields);
};

const describe = (outcome: WebhookOutcome): SafeFields => {
  if (outcome.kind === 'not-found') return {};
  const { route, accountSid } = outcome.path;
  return {
    route,
    accountSid,
    ...('key' in outcome && { sid: sidOf(outcome.key) }),
    ...('parameter' in outcome && { parameter: outcome.parameter, rule: outcome.rule }),
    ...('what' in outcome && { what: outcome.what }),
  };
};

/** The first variable part of an inbox key: a MessageSid, a debugger SID, a body hash. */
const sidOf = (key: string): string | undefined => key.split('#')[1]?.slice(0, 34);
