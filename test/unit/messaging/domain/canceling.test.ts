import { describe, expect, test } from '@jest/globals';
import type { Moment } from '../../../../functions/messaging/domain/advance.ts';
import { cancel, refuseCancellation } from '../../../../functions/messaging/domain/canceling.ts';
import { INTENT_STATES } from '../../../../functions/messaging/domain/intent.ts';
import { TrunklineEvent } from '../../../../functions/shared/contract/events.ts';
import type { OutboxEntry } from '../../../../functions/shared/contract/outbox.ts';
import { NOON, pending } from '../../../fakes/messaging/intents.ts';

const at = (instant: string): Moment => ({ now: Date.parse(instant), owner: 'me', jitter: 0 });
const eventsOf = (outbox: readonly OutboxEntry[]) =>
  outbox.flatMap((entry) => (entry.kind === 'event' ? [TrunklineEvent.parse(entry.event)] : []));

describe('canceling', () => {
  test('takes back what is pending', () => {
    const decision = cancel(pending(), at('2026-03-01T12:00:01Z'));
    expect(decision).toMatchObject({
      kind: 'cancel',
      transition: { intent: { state: 'SUPPRESSED', reason: 'canceled by the client' } },
    });
    expect(decision.kind === 'cancel' && eventsOf(decision.transition.outbox)).toMatchObject([
      { type: 'message.suppressed.v1' },
    ]);
  });

  test('is done when it was done before', () => {
    expect(
      cancel(pending({ state: 'SUPPRESSED', reason: 'canceled by the client' }), at('2026-03-01T12:00:01Z')),
    ).toEqual({ kind: 'canceled-already' });
  });

  test('does not claim what was suppressed for another reason', () => {
    expect(cancel(pending({ state: 'SUPPRESSED', reason: 'opted out' }), at('2026-03-01T12:00:01Z'))).toEqual(
      { kind: 'too-late', state: 'SUPPRESSED' },
    );
  });

  test.each(INTENT_STATES.filter((state) => !['PENDING', 'SUPPRESSED'].includes(state)))(
    'comes too late for %s',
    (state) => {
      expect(cancel(pending({ state }), at('2026-03-01T12:00:01Z'))).toEqual({ kind: 'too-late', state });
    },
  );
});

describe('canceling what Twilio has scheduled', () => {
  const scheduled = pending({
    state: 'ACCEPTED',
    sid: `SM${'1'.repeat(32)}`,
    sendAt: NOON + 3_600_000,
  });

  test('asks Twilio to call it off, and dispatches the question in the same write', () => {
    const decision = cancel(scheduled, at('2026-03-01T12:10:00Z'));
    expect(decision).toMatchObject({
      kind: 'ask-twilio',
      transition: { intent: { state: 'ACCEPTED', cancelRequestedAt: Date.parse('2026-03-01T12:10:00Z') } },
    });
    if (decision.kind !== 'ask-twilio') throw new Error('expected a question');
    expect(eventsOf(decision.transition.outbox)).toMatchObject([{ type: 'message.cancel-requested.v1' }]);
    expect(decision.transition.outbox).toContainEqual(
      expect.objectContaining({ kind: 'dispatch', pool: 'settlement', delaySeconds: 0 }),
    );
    expect(cancel(decision.transition.intent, at('2026-03-01T12:10:01Z'))).toEqual({
      kind: 'canceled-already',
    });
  });

  test('comes too late once its time has come, or once Twilio reports that it is on its way', () => {
    expect(cancel(scheduled, at('2026-03-01T13:00:00Z')).kind).toBe('too-late');
    expect(cancel({ ...scheduled, status: { state: 'sent' } }, at('2026-03-01T12:10:00Z')).kind).toBe(
      'too-late',
    );
  });

  test('that Twilio refuses leaves the message to its callbacks', () => {
    const asked = { ...scheduled, cancelRequestedAt: NOON };
    const { intent, outbox } = refuseCancellation(asked, at('2026-03-01T13:00:00Z'));
    expect(intent.cancelRequestedAt).toBeUndefined();
    expect(intent).toMatchObject({ state: 'ACCEPTED', reason: expect.stringContaining('too late') });
    expect(eventsOf(outbox)).toMatchObject([{ type: 'message.cancel-refused.v1' }]);
  });
});
