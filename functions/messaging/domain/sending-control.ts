import type { EventOf } from '../../shared/contract/events.ts';
import type { Intent } from './intent.ts';

/** What an operator stopped: everything, a traffic class (`class:otp`), a pool (`pool:marketing`) or a campaign (`campaign:spring`). */
export type Pause = {
  readonly scope: string;
  /** A freeze holds everything while nobody knows what was sent, after a restore; it ends only when that is confirmed. */
  readonly kind: 'pause' | 'freeze';
  /** Epoch milliseconds. */
  readonly since: number;
  /** API client of the operator. */
  readonly by: string;
  readonly reason: string;
};

/** Version 0: never changed. One pause a scope. */
export interface SendingControl {
  readonly version: number;
  readonly pauses: readonly Pause[];
}

export type SendingState = 'running' | 'paused' | 'frozen';

export interface ChangeSending {
  readonly scope: string;
  readonly state: SendingState;
  readonly by: string;
  readonly reason: string;
  /** The operator says that a freeze may end. */
  readonly isConfirmed: boolean;
}

type SendingEvent = EventOf<'sending.paused.v1'> | EventOf<'sending.resumed.v1'>;

export type SendingChange =
  | { readonly kind: 'changed'; readonly control: SendingControl; readonly event: SendingEvent }
  /** It stands as asked already; who asked first, and why, stays. */
  | { readonly kind: 'unchanged' }
  /** It would end a freeze. */
  | { readonly kind: 'unconfirmed' };

/** Sending and its pauses have one story, whatever the account. */
const SUBJECT = 'sending';
const EVERY_ACCOUNT = '*';

export function changeSending(control: SendingControl, command: ChangeSending, now: number): SendingChange {
  const standing = control.pauses.find(({ scope }) => scope === command.scope);
  if (stateOf(standing) === command.state) return { kind: 'unchanged' };
  if (standing?.kind === 'freeze' && !command.isConfirmed) return { kind: 'unconfirmed' };
  const others = control.pauses.filter((pause) => pause !== standing);
  const next: SendingControl = {
    version: control.version + 1,
    pauses: command.state === 'running' ? others : [...others, pauseBy(command, command.state, now)],
  };
  return { kind: 'changed', control: next, event: describe(next, command, now) };
}

const pauseBy = (
  { scope, by, reason }: ChangeSending,
  state: Exclude<SendingState, 'running'>,
  now: number,
): Pause => ({ scope, kind: state === 'frozen' ? 'freeze' : 'pause', since: now, by, reason });

function stateOf(pause: Pick<Pause, 'kind'> | undefined): SendingState {
  if (pause === undefined) return 'running';
  return pause.kind === 'freeze' ? 'frozen' : 'paused';
}

/** Of everything: frozen outweighs paused. */
const stateOfAll = ({ pauses }: SendingControl): SendingState =>
  stateOf(pauses.find(({ kind }) => kind === 'freeze') ?? pauses[0]);

function describe(control: SendingControl, command: ChangeSending, now: number): SendingEvent {
  const { scope, by, reason } = command;
  const envelope = {
    id: `messaging/CONTROL/SENDING/${control.version}/0`,
    time: new Date(now).toISOString(),
    accountSid: EVERY_ACCOUNT,
    correlationId: SUBJECT,
  };
  const data = { version: control.version, state: stateOfAll(control), scope, by, reason };
  return command.state === 'running'
    ? { ...envelope, type: 'sending.resumed.v1', data }
    : {
        ...envelope,
        type: 'sending.paused.v1',
        data: { ...data, kind: command.state === 'frozen' ? 'freeze' : 'pause' },
      };
}

/** The pause that holds an intent, a freeze first; undefined if none does. */
export function pauseOf(
  { pauses }: SendingControl,
  { trafficClass, pool, campaign }: Pick<Intent, 'pool' | 'trafficClass' | 'campaign'>,
): Pause | undefined {
  const scopes = new Set(['all', `class:${trafficClass}`, `pool:${pool}`, `campaign:${campaign ?? ''}`]);
  const holding = pauses.filter(({ scope }) => scopes.has(scope));
  return holding.find(({ kind }) => kind === 'freeze') ?? holding[0];
}

/** Why an intent is held, in words. */
export const reasonOfPause = (pause: Pause): string =>
  `sending is ${stateOf(pause)} (${pause.scope}): ${pause.reason}`;
