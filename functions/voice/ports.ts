import type { FlowPackage } from '../shared/contract/flows/flow.ts';
import type { VoiceSettings } from '../shared/contract/flows/voice-settings.ts';
import type { AccountSecrets } from '../shared/ports/account-secrets.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Within } from '../shared/ports/deadline.ts';
import type { RequestObserver } from '../shared/ports/observer.ts';
import type { Randomness, Sleep } from '../shared/ports/randomness.ts';
import type { TableClient } from '../shared/ports/table-client.ts';
import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import type { HookSettings } from '../shared/runtime/webhooks/hook-settings.ts';
import type { PlannedRecording } from './domain/step-environment.ts';

export interface AnswerPorts {
  readonly tables: Pick<TableClient, 'get' | 'put' | 'transact'>;
  readonly secrets: AccountSecrets;
  readonly crypto: WebhookCrypto;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly sleep: Sleep;
  readonly within: Within;
  readonly observer: RequestObserver;
  readonly flows: FlowShelf;
}

/** Flows as this deployment has them, and the older ones that calls are still in. */
export interface FlowShelf {
  /** @returns undefined where the deployment has no such flow. */
  current(name: string): PinnedFlow | undefined;
  /** @returns undefined where nobody kept it. Throws StoreUnavailableError. */
  byHash(hash: string): Promise<FlowPackage | undefined>;
  /** Whether the flow's row has to be written (again) with the next call that begins in it. */
  isKept(hash: string): boolean;
  /** The row was written at this instant. */
  markKept(hash: string): void;
}

export interface PinnedFlow {
  readonly hash: string;
  /** Canonical JSON of the package: what the hash is of. */
  readonly content: string;
  readonly flows: FlowPackage;
}

export interface AnswerSettings extends HookSettings {
  readonly voice: VoiceSettings;
  /** Complete address of the static document, without a query. */
  readonly fallbackUrl: string;
  /** The recording policy for a call between two numbers. */
  readonly planRecording: (numbers: { readonly from: string; readonly to: string }) => PlannedRecording;
}
