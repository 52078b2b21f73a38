import type { AccountSecrets } from '../shared/ports/account-secrets.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { RequestObserver } from '../shared/ports/observer.ts';
import type { OptOutBarrier } from '../shared/ports/opt-out-barrier.ts';
import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import type { ClaimClient } from '../shared/ports/table-client.ts';
import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import type { HookSettings } from '../shared/runtime/webhooks/hook-settings.ts';
import type { TaskInstructions } from './domain/assignment-instruction.ts';

/** What a claim is written with. */
export interface ClaimPorts {
  readonly inbox: ClaimClient;
  readonly barrier: OptOutBarrier;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly sleep: Sleep;
  readonly observer: RequestObserver;
}

export interface IngressPorts extends ClaimPorts {
  readonly secrets: AccountSecrets;
  readonly crypto: WebhookCrypto;
}

export interface IngressSettings extends HookSettings {
  readonly retentionDays: number;
  readonly taskInstructions: TaskInstructions;
}
