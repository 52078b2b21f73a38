import type { AccountSecrets } from '../shared/ports/account-secrets.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { RequestObserver } from '../shared/ports/observer.ts';
import type { PutClient } from '../shared/ports/table-client.ts';
import type { WebhookCrypto } from '../shared/ports/webhook-crypto.ts';
import type { HookSettings } from '../shared/runtime/webhooks/hook-settings.ts';
import type { TaskInstructions } from './domain/assignment-instruction.ts';

export interface IngressPorts {
  readonly inbox: PutClient;
  readonly secrets: AccountSecrets;
  readonly crypto: WebhookCrypto;
  readonly clock: Clock;
  readonly observer: RequestObserver;
}

export interface IngressSettings extends HookSettings {
  readonly retentionDays: number;
  readonly taskInstructions: TaskInstructions;
}
