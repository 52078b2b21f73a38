import { describe, expect, test } from '@jest/globals';
import { observeWebhook } from '../../../functions/ingress/observe-webhook.ts';
import type { WebhookOutcome } from '../../../functions/ingress/receive-webhook.ts';
import { createIngressObserver } from '../../../functions/shared/runtime/ingress-observer.ts';
import { ACCOUNT, MESSAGE_SID } from '../../fakes/ingress/hooks-harness.ts';

const observer = () => {
  const lines: string[] = [];
  const observed = createIngressObserver('receive-webhook', {
    clock: () => 1_772_366_400_000,
    write: (line) => lines.push(line),
  });
  return { observed, lines };
};

const path = { route: 'inboundMessageFallback', accountSid: ACCOUNT, path: '/' } as const;

describe('the observer of an ingress function', () => {
  test.each<WebhookOutcome>([
    { kind: 'accepted', path, key: `MSG#${MESSAGE_SID}` },
    { kind: 'duplicate', path, key: `ES#${'0'.repeat(64)}` },
    { kind: 'unsupported-media-type', path },
    { kind: 'reshaped', path, parameter: 'OriginalRepliedMessageSid', rule: 'recut' },
    { kind: 'unavailable', path, what: 'secret' },
    { kind: 'not-found' },
  ])('writes one log line and one line of metrics of at most 300 bytes: $kind', (outcome) => {
    const { observed, lines } = observer();
    observeWebhook(outcome, 1234.5, observed);
    observed.flush();
    expect(lines.length).toBe(2);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(300);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ service: 'receive-webhook', outcome: outcome.kind });
  });

  test('puts metrics in CloudWatch’s embedded format, by service and by outcome', () => {
    const { observed, lines } = observer();
    observed.count('Webhook', 1, 'accepted');
    observed.duration('AcknowledgementTime', 12);
    observed.flush();
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      _aws: {
        Timestamp: 1_772_366_400_000,
        CloudWatchMetrics: [
          {
            Namespace: 'Trunkline',
            Dimensions: [['service'], ['service', 'outcome']],
            Metrics: [{ Name: 'Webhook' }, { Name: 'AcknowledgementTime' }],
          },
        ],
      },
      service: 'receive-webhook',
      outcome: 'accepted',
      Webhook: 1,
      AcknowledgementTime: 12,
    });
  });

  test('keeps outcomes apart, and starts anew after a flush', () => {
    const { observed, lines } = observer();
    observed.count('Webhook', 1, 'accepted');
    observed.count('Webhook', 1, 'forged');
    observed.flush();
    observed.flush();
    expect(lines.map((line) => JSON.parse(line).outcome)).toEqual(['accepted', 'forged']);
  });

  test('knows no outcome where none was named', () => {
    const { observed, lines } = observer();
    observed.count('SecretRefresh');
    observed.flush();
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Dimensions: [['service']] }] },
    });
  });

  test('sums what is counted twice within one request', () => {
    const { observed, lines } = observer();
    observed.count('SecretRefresh');
    observed.count('SecretRefresh');
    observed.flush();
    expect(JSON.parse(lines[0] ?? '').SecretRefresh).toBe(2);
  });

  test('drops fields that are not on its list, and the content of errors', () => {
    const { observed, lines } = observer();
    observed.info('webhook', { route: 'debugger', body: 'Hello', from: '+15550100002' });
    observed.error('broken', Object.assign(new Error('to +15550100002'), { item: 'Hello' }), {
      token: 'secret',
    });
    expect(lines.join()).not.toMatch(/Hello|1555010|secret/);
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'ERROR', error: { name: 'Error' } });
  });
});
