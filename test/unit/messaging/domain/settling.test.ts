import { describe, expect, test } from '@jest/globals';
import type { Moment } from '../../../../functions/messaging/domain/advance.ts';
import type { Intent, IntentChange, MessageIntent } from '../../../../functions/messaging/domain/intent.ts';
import type { Transition } from '../../../../functions/messaging/domain/intent-event.ts';
import { applyLateAnswer } from '../../../../functions/messaging/domain/late-answer.ts';
import type { ListedMessage } from '../../../../functions/messaging/domain/settlement.ts';
import {
  acceptByList,
  applyPolicy,
  decideParked,
  displace,
  inheritReports,
  lookAgain,
} from '../../../../functions/messaging/domain/settling.ts';
import { TrunklineEvent } from '../../../../functions/shared/contract/events.ts';
import { ATTEMPT, armed, INTENT_ID, NOON } from '../../../fakes/messaging/intents.ts';
import { accepted, sidOf } from '../../../fakes/messaging/scripted-twilio.ts';

const instant = (iso: string): number => Date.parse(iso);
const at = (iso: string): Moment => ({ now: instant(iso), owner: 'reconciler', jitter: 0.5 });
const NOW = at('2026-03-01T12:10:00Z');
const RETENTION_END = instant('2026-03-31T12:00:00Z');
const SID = sidOf(1);

const unknown = (changes: Partial<MessageIntent> = {}): Intent =>
  armed({ version: 3, state: 'UNKNOWN', reason: 'timeout', ...changes });

const eventsOf = ({ outbox }: Transition) =>
  outbox.flatMap((entry) => (entry.kind === 'event' ? [TrunklineEvent.parse(entry.event)] : []));
const dispatchesOf = ({ outbox }: Transition) => outbox.filter(({ kind }) => kind === 'dispatch');
const SETTLEMENT = { kind: 'dispatch', pool: 'settlement', intentId: INTENT_ID };

const LISTED: ListedMessage = {
  kind: 'message',
  sid: SID,
  body: 'Your parcel is here.',
  status: 'sent',
  createdAt: NOON + 1_000,
};

/** Accepted by the list, as it is stored. */
const byList = (changes: IntentChange = {}): Intent => ({
  ...acceptByList(unknown(), LISTED, NOW).intent,
  ...changes,
});

describe('looking again', () => {
  test('goes on the queue where it is due before the next tick, and keeps the reason', () => {
    const transition = lookAgain(unknown(), instant('2026-03-01T12:10:30Z'), NOW);
    expect(transition).toEqual({
      intent: { ...unknown(), version: 4, owner: 'reconciler', updatedAt: NOW.now, dueAt: NOW.now + 330_000 },
      outbox: [{ ...SETTLEMENT, delaySeconds: 30 }],
    });
  });

  test('waits in the index where it is due later', () => {
    const { intent, outbox } = lookAgain(unknown(), instant('2026-03-01T12:30:00Z'), NOW);
    expect(intent.dueAt).toBe(instant('2026-03-01T12:30:00Z'));
    expect(outbox).toEqual([]);
  });

  test('leaves an accepted message accepted', () => {
    expect(lookAgain(byList(), NOW.now + 1_000, NOW).intent.state).toBe('ACCEPTED');
  });
});

describe('a match of the list', () => {
  test('is weak evidence: accepted, with the status that the list tells, and to be asked for', () => {
    const transition = acceptByList(unknown(), { ...LISTED, status: 'undelivered', errorCode: 30003 }, NOW);
    expect(transition.intent).toMatchObject({
      state: 'ACCEPTED',
      version: 4,
      sid: SID,
      acceptedAt: NOW.now,
      evidence: 'list',
      reports: [{ status: 'undelivered', errorCode: 30003 }],
      status: { state: 'undelivered', errorCode: 30003 },
      dueAt: RETENTION_END,
    });
    expect(byList().dueAt).toBe(instant('2026-03-01T12:25:00Z'));
    expect(eventsOf(transition)).toMatchObject([
      {
        id: `messaging/${INTENT_ID}/4/0`,
        type: 'message.accepted.v1',
        data: { evidence: 'list', attempt: 1, messageSid: SID, armedAt: '2026-03-01T12:00:00.000Z' },
      },
      { id: `messaging/${INTENT_ID}/4/1`, type: 'message.status-recorded.v1', data: { errorCode: 30003 } },
    ]);
  });

  test('names the attempt that it can be of', () => {
    const second = { ...ATTEMPT, number: 2, armedAt: instant('2026-03-01T13:00:00Z') };
    const resent = unknown({ attempt: second, unresolvedAttempts: [ATTEMPT] });
    const [event] = eventsOf(acceptByList(resent, LISTED, at('2026-03-01T13:00:30Z')));
    expect(event).toMatchObject({ data: { attempt: 1, armedAt: '2026-03-01T12:00:00.000Z' } });
  });
});

describe('a displaced intent', () => {
  test('is unknown again, knows nothing of the other message, and is asked about at once', () => {
    const transition = displace(byList(), SID, NOW);
    expect(transition.intent).toEqual({
      ...unknown(),
      version: 5,
      owner: 'reconciler',
      updatedAt: NOW.now,
      reason: 'the message that the list showed is another one',
      dueAt: NOW.now + 300_000,
    });
    expect(eventsOf(transition)).toMatchObject([
      { type: 'message.displaced.v1', data: { messageSid: SID, state: 'UNKNOWN', version: 5 } },
    ]);
    expect(dispatchesOf(transition)).toEqual([{ ...SETTLEMENT, delaySeconds: 0 }]);
  });
});

describe('inherited reports', () => {
  const transition = acceptByList(unknown(), LISTED, NOW);

  test('are joined, told in the story, and decide when Twilio is asked next', () => {
    const inherited = inheritReports(transition, SID, [{ status: 'queued' }, { status: 'delivered' }], NOW);
    expect(inherited.intent).toMatchObject({
      version: 4,
      reports: [{ status: 'queued' }, { status: 'sent' }, { status: 'delivered' }],
      status: { state: 'delivered' },
      dueAt: RETENTION_END,
    });
    expect(eventsOf(inherited).slice(2)).toMatchObject([
      { id: `messaging/${INTENT_ID}/4/2`, data: { status: 'queued', state: 'sent', changed: false } },
      {
        id: `messaging/${INTENT_ID}/4/3`,
        data: {
          status: 'delivered',
          state: 'delivered',
          explanation: expect.stringContaining('sent → delivered'),
        },
      },
    ]);
  });

  test('that are known already add nothing', () => {
    expect(inheritReports(transition, SID, [{ status: 'sent' }], NOW)).toEqual(transition);
  });
});

describe('past the settle time', () => {
  test('park waits for an operator, until the content must be erased', () => {
    const transition = applyPolicy(unknown(), 'park', 'no evidence', NOW);
    expect(transition.intent).toMatchObject({
      state: 'PARKED',
      version: 4,
      reason: 'no evidence',
      dueAt: RETENTION_END,
    });
    expect(eventsOf(transition)).toMatchObject([
      { type: 'message.parked.v1', data: { attempt: 1, reason: 'no evidence' } },
    ]);
    expect(dispatchesOf(transition)).toEqual([]);
  });

  test('expire gives it up, and keeps the attempt of which nothing is known', () => {
    const transition = applyPolicy(unknown(), 'expire', 'no evidence', NOW);
    expect(transition.intent).toMatchObject({
      state: 'EXPIRED',
      unresolvedAttempts: [ATTEMPT],
      dueAt: RETENTION_END,
    });
    expect(eventsOf(transition)).toMatchObject([
      { type: 'message.expired.v1', data: { reason: 'its outcome stayed unknown: no evidence' } },
    ]);
  });

  test('resend sends again at once, and keeps the attempt of which nothing is known', () => {
    const transition = applyPolicy(unknown(), 'resend', 'no evidence', NOW);
    expect(transition.intent).toMatchObject({
      state: 'PENDING',
      notBefore: NOW.now,
      deadline: NOON + 3_600_000,
      attempt: ATTEMPT,
      unresolvedAttempts: [ATTEMPT],
      dueAt: NOW.now + 300_000,
    });
    expect(eventsOf(transition)).toMatchObject([{ type: 'message.deferred.v1', data: { attempt: 1 } }]);
    expect(dispatchesOf(transition)).toEqual([
      { kind: 'dispatch', pool: 'transactional', intentId: INTENT_ID, delaySeconds: 0 },
    ]);
  });

  test('resend past the deadline expires, and says that nothing is known', () => {
    const { intent } = applyPolicy(unknown(), 'resend', 'no evidence', at('2026-03-01T13:00:00Z'));
    expect(intent).toMatchObject({
      state: 'EXPIRED',
      reason: 'its outcome stayed unknown until its deadline passed',
      unresolvedAttempts: [ATTEMPT],
    });
  });
});

describe("an operator's decision", () => {
  const parked = applyPolicy(unknown(), 'park', 'no evidence', NOW).intent;
  const command = { decidedBy: 'operator-7', reason: 'asked by phone', deadline: NOON + 7_200_000 };
  const LATER = at('2026-03-01T14:00:00Z');

  test('to send again makes it pending with a deadline of its own', () => {
    const transition = decideParked(parked, { ...command, decision: 'resend' }, LATER);
    if (transition === undefined) throw new Error('not decided');
    expect(transition.intent).toMatchObject({
      state: 'PENDING',
      version: 5,
      notBefore: LATER.now,
      deadline: NOON + 7_200_000,
      unresolvedAttempts: [ATTEMPT],
      dueAt: LATER.now + 300_000,
    });
    expect(eventsOf(transition)).toMatchObject([
      {
        type: 'message.decided.v1',
        data: { decision: 'resend', decidedBy: 'operator-7', reason: 'asked by phone', state: 'PENDING' },
      },
    ]);
    expect(dispatchesOf(transition)).toHaveLength(1);
  });

  test('to give up ends it', () => {
    const transition = decideParked(parked, { ...command, decision: 'give-up' }, LATER);
    expect(transition?.intent).toMatchObject({
      state: 'REJECTED',
      reason: 'given up by an operator: asked by phone',
      unresolvedAttempts: [ATTEMPT],
      dueAt: RETENTION_END,
    });
    expect(transition?.outbox).toHaveLength(1);
  });

  test.each(['UNKNOWN', 'ACCEPTED', 'PENDING', 'REJECTED'] as const)('comes too late for %s', (state) => {
    expect(decideParked({ ...parked, state }, { ...command, decision: 'resend' }, LATER)).toBeUndefined();
  });
});

describe('a late answer of the POST', () => {
  const answer = (settled: Intent, sid = SID) =>
    applyLateAnswer(settled, ATTEMPT, accepted(sid), at('2026-03-01T12:10:30Z'));

  test('binds what nobody had a message for', () => {
    expect(answer(unknown())?.intent).toMatchObject({
      state: 'ACCEPTED',
      sid: SID,
      evidence: 'response',
    });
  });

  test('proves what the list had shown', () => {
    expect(answer(byList())?.intent).toMatchObject({
      sid: SID,
      evidence: 'response',
      acceptedAt: NOW.now,
      status: { state: 'sent' },
    });
  });

  test('takes the place of what the list had shown by mistake, with nothing of it left', () => {
    const { intent } = answer(byList(), sidOf(2)) ?? {};
    expect(intent).toMatchObject({ sid: sidOf(2), evidence: 'response', reports: [] });
    expect(intent).not.toHaveProperty('status');
  });

  test('that names a second message is a duplicate; the first stays', () => {
    const strong = byList({ evidence: 'callback' });
    const transition = answer(strong, sidOf(2));
    expect(transition?.intent).toMatchObject({ sid: SID, otherSids: [sidOf(2)] });
    expect(transition && eventsOf(transition)).toMatchObject([{ type: 'message.duplicate-detected.v1' }]);
    expect(answer({ ...strong, otherSids: [sidOf(2)] }, sidOf(2))).toBeUndefined();
  });

  test('says nothing where it is known, or proves nothing', () => {
    expect(answer(byList({ evidence: 'callback' }))).toBeUndefined();
    const timeout = { kind: 'unknown', reason: 'timeout', durationMilliseconds: 1 } as const;
    expect(applyLateAnswer(unknown(), ATTEMPT, timeout, NOW)).toBeUndefined();
  });
});
