import type { FateName } from '../twilio/fates.ts';

/** How often what goes wrong; probabilities of one opportunity each. */
export interface FaultProfile {
  readonly name: string;
  /** At every port call, before it and after it took effect. */
  readonly killBefore: number;
  readonly killAfter: number;
  /** At every port call, before it leaves and before its answer is seen; up to `freezeMilliseconds`. */
  readonly freeze: number;
  readonly freezeMilliseconds: number;
  readonly tableThrottled: number;
  readonly tableAcknowledgementLost: number;
  readonly tableRepeated: number;
  readonly transactionConflict: number;
  readonly indexLagMilliseconds: number;
  readonly busEntryRefused: number;
  readonly busCallLost: number;
  readonly busDuplicate: number;
  readonly busUndeliverable: number;
  readonly queueEntryRefused: number;
  readonly queueDuplicate: number;
  readonly queueReorder: number;
  readonly deleteLost: number;
  readonly secretsUnavailable: number;
  /** Weights of the fates of a POST. */
  readonly fates: Readonly<Record<FateName, number>>;
  /** The longest time for which Twilio's list does not show a message. */
  readonly listLagMilliseconds: number;
  readonly readFails: number;
  /** Share of worlds with a storm of failed POSTs, and of those with an outage of reads. */
  readonly badWeather: number;
  readonly callbackDropped: number;
  readonly callbackRepeated: number;
  /** Comes over the service-level URL, which carries no token. */
  readonly callbackTokenless: number;
  readonly callbackLate: number;
  /** A webhook or its answer is lost on the way. */
  readonly webhookLost: number;
  readonly responseLost: number;
  /** Largest difference between a sandbox's clock and the true time. */
  readonly clockSkewMilliseconds: number;
}

const MIDDLE: FaultProfile = {
  name: 'middle',
  killBefore: 0.01,
  killAfter: 0.01,
  freeze: 0.01,
  freezeMilliseconds: 25_000,
  tableThrottled: 0.01,
  tableAcknowledgementLost: 0.01,
  tableRepeated: 0.02,
  transactionConflict: 0.02,
  indexLagMilliseconds: 5_000,
  busEntryRefused: 0.02,
  busCallLost: 0.01,
  busDuplicate: 0.05,
  busUndeliverable: 0.01,
  queueEntryRefused: 0.02,
  queueDuplicate: 0.05,
  queueReorder: 0.2,
  deleteLost: 0.05,
  secretsUnavailable: 0.02,
  fates: {
    accepted: 78,
    refused: 2,
    throttled: 5,
    'throttled-later': 1,
    rejected: 2,
    'opted-out': 1,
    'server-error': 2,
    'server-error-accepted': 2,
    timeout: 1.5,
    'timeout-accepted': 2.5,
    reset: 0.5,
    'reset-accepted': 1,
    'rubbish-accepted': 1,
    'proxy-refusal': 0.5,
  },
  listLagMilliseconds: 300_000,
  readFails: 0.05,
  badWeather: 0.4,
  callbackDropped: 0.05,
  callbackRepeated: 0.2,
  callbackTokenless: 0.05,
  callbackLate: 0.02,
  webhookLost: 0.02,
  responseLost: 0.02,
  clockSkewMilliseconds: 500,
};

/** Every probability multiplied; the fates other than acceptance too. */
const scaled = (name: string, factor: number): FaultProfile => {
  const entries = Object.entries(MIDDLE).map(([key, value]) => [
    key,
    typeof value === 'number' && value < 1 ? Math.min(0.9, value * factor) : value,
  ]);
  const fates = Object.entries(MIDDLE.fates).map(([fate, weight]) => [
    fate,
    fate === 'accepted' ? weight : weight * factor,
  ]);
  return {
    ...(Object.fromEntries(entries) as FaultProfile),
    name,
    fates: Object.fromEntries(fates) as FaultProfile['fates'],
  };
};

/** Nothing goes wrong; every POST is accepted. */
export const CALM: FaultProfile = {
  ...scaled('calm', 0),
  freezeMilliseconds: 0,
  indexLagMilliseconds: 0,
  clockSkewMilliseconds: 0,
};

export const PROFILES = {
  calm: CALM,
  low: { ...scaled('low', 0.25), freezeMilliseconds: 10_000 },
  middle: MIDDLE,
  /** Every second text has an accident somewhere on its way. */
  extreme: {
    ...scaled('extreme', 2.5),
    indexLagMilliseconds: 60_000,
    callbackDropped: 0.5,
    killBefore: 0.015,
    killAfter: 0.015,
  },
} as const satisfies Record<string, FaultProfile>;

export type ProfileName = keyof typeof PROFILES;

/** Most seeds meet the middle mix, every fifth the low, every fifth the extreme one. */
export const profileOf = (seed: number): ProfileName => {
  const turn = seed % 10;
  if (turn === 3 || turn === 7) return 'low';
  return turn === 1 || turn === 9 ? 'extreme' : 'middle';
};
