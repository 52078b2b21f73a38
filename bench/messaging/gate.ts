import type { GateFacts } from '../../functions/messaging/domain/gate/facts.ts';
import { judgeSend } from '../../functions/messaging/domain/gate/rules.ts';
import { describeRecipient } from '../../functions/messaging/domain/recipient-facts.ts';
import { readGatePolicy } from '../../functions/messaging/gate-policy.ts';
import type { Figure } from '../figure.ts';
import { seededUniform } from '../statistics.ts';

const RUNS = 7;
const DECISIONS = 2_000;
const YEAR_MILLISECONDS = 365 * 86_400_000;
const BEGINNING = Date.parse('2026-01-01T00:00:00Z');
/** Issue: one decision within a millisecond of CPU. */
const ALLOWED_MICROSECONDS = 1_000;

/** One zone, two zones, every zone of two countries, a country with a summer time of its own. */
const NUMBERS = [
  '+14155550123',
  '+18505550123',
  '+18005550123',
  '+447400123456',
  '+5511912345678',
  '+61412345678',
];

/** CPU of one decision: the number is read, every rule answers, one verdict decides. Instants lie all over a year, so that clocks are seldom known. */
export const measureGate = async (): Promise<readonly Figure[]> => {
  const uniform = seededUniform(4);
  const policy = readGatePolicy();
  const decide = (): string => {
    const now = BEGINNING + uniform() * YEAR_MILLISECONDS;
    const number = NUMBERS[Math.floor(uniform() * NUMBERS.length)] ?? '';
    return judgeSend(factsOf(number, now, policy), now + 50_000).decision.kind;
  };
  const ours = Array.from({ length: RUNS }, () => microsecondsOf(decide));
  return [{ name: 'gate: one decision (CPU)', unit: 'us', baseline: [ALLOWED_MICROSECONDS], ours, goal: 1 }];
};

function microsecondsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  for (let turn = 0; turn < DECISIONS; turn += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / DECISIONS;
}

const factsOf = (number: string, now: number, policy: GateFacts['policy']): GateFacts => ({
  now,
  send: {
    intentId: 'int_1',
    accountSid: 'AC00000000000000000000000000000001',
    channel: 'sms',
    trafficClass: 'marketing',
    pool: 'marketing',
    messagingServiceSid: 'MG00000000000000000000000000000001',
    deadline: now + 86_400_000,
  },
  recipient: describeRecipient(number),
  control: { version: 0, pauses: [] },
  consent: { standing: 'opted-in' },
  frequency: [
    { intentId: 'int_2', at: now - 3_600_000 },
    { intentId: 'int_3', at: now - 7_200_000 },
  ],
  policy,
});
