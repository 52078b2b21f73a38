import { callViewOf, isFinalCallStatus, isKnownCallStatus, joinCallStatus } from './call-status.ts';
import type { Intent } from './intent.ts';
import { isFinalStatus, isKnownStatus, joinStatus, viewOf } from './message-status.ts';
import type { StatusJoin, StatusReport, StatusView } from './status-report.ts';
import { nextCallPollAt, nextStatusPollAt } from './timing.ts';

/** How the statuses of one kind of thing that Twilio makes add up. */
export interface StatusRules {
  readonly join: (reports: readonly StatusReport[], report: StatusReport) => StatusJoin;
  readonly viewOf: (reports: readonly StatusReport[]) => StatusView | undefined;
  readonly isKnown: (status: string) => boolean;
  readonly isFinal: (status: string) => boolean;
  /** The next time to ask Twilio after `now`; undefined when nothing more is to be learned. */
  readonly nextPollAt: (sentAt: number, trafficClass: string, now: number) => number | undefined;
}

const MESSAGES: StatusRules = {
  join: joinStatus,
  viewOf,
  isKnown: isKnownStatus,
  isFinal: isFinalStatus,
  nextPollAt: nextStatusPollAt,
};

const CALLS: StatusRules = {
  join: joinCallStatus,
  viewOf: callViewOf,
  isKnown: isKnownCallStatus,
  isFinal: isFinalCallStatus,
  nextPollAt: (placedAt, _trafficClass, now) => nextCallPollAt(placedAt, now),
};

export const statusRulesOf = ({ channel }: Pick<Intent, 'channel'>): StatusRules =>
  channel === 'voice' ? CALLS : MESSAGES;
