import type { MessageRecord } from '../domain/message.ts';
import type { Job } from '../state/simulator-state.ts';
import { startDelivery } from './accept-message.ts';
import { changeStatus } from './change-status.ts';
import { deliverCallback } from './deliver-callback.ts';
import { deliverInbound } from './deliver-inbound.ts';
import { deliverVoiceCallback } from './voice/plan-callback.ts';
import type { World } from './world.ts';

/** Does what was planned; a job whose message is gone does nothing. */
export async function runJob(world: World, job: Job): Promise<void> {
  switch (job.kind) {
    case 'status':
      return withMessage(world, job.messageSid, (message) =>
        changeStatus(world, message, { status: job.status, errorCode: job.errorCode }),
      );
    case 'handset':
      return withMessage(world, job.messageSid, (message) => showOnHandset(world, message));
    case 'release':
      return withMessage(world, job.messageSid, (message) => {
        if (message.status === 'scheduled') startDelivery(world, message);
      });
    case 'callback':
      return deliverCallback(world, job.callbackId, job.copy);
    case 'inbound':
      return deliverInbound(world, job.messageSid, job.copy);
    case 'voice-callback':
      return deliverVoiceCallback(world, job.callbackId, job.copy);
  }
}

function withMessage(world: World, sid: string, change: (message: MessageRecord) => void): void {
  const message = world.state.messages[sid];
  if (message) change(message);
}

function showOnHandset(world: World, message: MessageRecord): void {
  if (message.status === 'canceled') return;
  world.state.handsets.push({
    address: message.to,
    direction: 'received',
    peer: message.from ?? '',
    body: message.body,
    mediaUrls: message.mediaSids.flatMap((sid) => world.state.media[sid]?.sourceUrl ?? []),
    at: world.clock.now(),
    messageSid: message.sid,
    automatic: false,
  });
}
