import { assignmentParameters } from '../../domain/task-router/event-parameters.ts';
import { type ReadInstruction, readInstruction } from '../../domain/task-router/instruction.ts';
import type { ReservationRecord } from '../../domain/task-router/records.ts';
import { deliverWebhook } from '../../webhooks/deliver-webhook.ts';
import type { WebhookTransport } from '../../webhooks/webhook-transport.ts';
import { idempotencyToken } from '../deliver-callback.ts';
import { findAccount, report, type World } from '../world.ts';
import { subjectOfReservation } from './events.ts';
import { followInstruction } from './follow-instruction.ts';
import { settle } from './route-tasks.ts';

/** The callback has to answer within five seconds (Twilio's own guidance; its reference does not say). */
const limitMs = 5000;

/** Asks the workflow's AssignmentCallbackUrl what to do, then its fallback; without any answer nothing is reserved. */
export async function askForInstruction(world: World, reservation: ReservationRecord): Promise<void> {
  const { workflow } = subjectOfReservation(world, reservation);
  if (!workflow?.assignmentCallbackUrl) return;
  const urls = [workflow.assignmentCallbackUrl, workflow.fallbackAssignmentCallbackUrl].filter(Boolean);
  for (const url of urls) {
    const read = await ask(world, reservation, url);
    if (reservation.status !== 'pending') return;
    if (read.kind === 'instruction') return followInstruction(world, reservation, read.instruction);
    if (read.kind === 'later') return;
  }
  settle(world, reservation, 'canceled');
}

async function ask(world: World, reservation: ReservationRecord, url: string): Promise<ReadInstruction> {
  const { workspace, task, queue, workflow, worker } = subjectOfReservation(world, reservation);
  const account = findAccount(world, workspace.accountSid);
  const { result } = await deliverWebhook(
    {
      url,
      method: 'POST',
      params: assignmentParameters(
        { workspace, task, queue, workflow, worker, reservation },
        world.clock.now(),
      ),
      authToken: account?.authToken ?? '',
      idempotencyToken: idempotencyToken(world, reservation.sid, url),
    },
    { transport: within(limitMs, world.transport), now: world.clock.now },
  );
  const read: ReadInstruction =
    result.kind === 'failed'
      ? { kind: 'error', errorCode: result.errorCode, detail: result.detail }
      : readInstruction(result.contentType, result.body);
  if (read.kind === 'error') {
    report(world, {
      accountSid: workspace.accountSid,
      level: 'ERROR',
      errorCode: read.errorCode,
      detail: read.detail,
      resourceSid: reservation.sid,
      url,
    });
  }
  return read;
}

const within =
  (ms: number, transport: WebhookTransport): WebhookTransport =>
  async (request) => {
    const outcome = await transport({
      ...request,
      readTimeoutMs: Math.min(ms, request.readTimeoutMs),
      totalTimeoutMs: Math.min(ms, request.totalTimeoutMs),
    });
    if ((outcome.tookMs ?? 0) < ms) return outcome;
    return { kind: 'failed', failure: 'read-timeout', detail: `no answer within ${ms} ms` };
  };
