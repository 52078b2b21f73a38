import type {
  TransportOutcome,
  TransportRequest,
  WebhookTransport,
} from '../../webhooks/webhook-transport.ts';
import { faultRandom } from '../world.ts';
import type { LiveCall } from './live-call.ts';

/**
 * The transport of one request that a call waits for, with all its attempts: lost or late as the faults say, and
 * time that the answer took in the simulator's own time (a transport without sockets can say so) passes for the call.
 */
export function callTransport(live: LiveCall, isFallback: boolean): WebhookTransport {
  const { world } = live;
  const { faults } = world.state;
  if (isFallback && faults.voiceFallbackSpared) return (request) => timed(live, request, 0);
  const random = faultRandom(world, 'voice-request');
  const lost = random.chance(faults.voiceRequestLost);
  const unheard = random.chance(faults.voiceAnswerLost);
  const broken = random.chance(faults.voiceRequestFails5xx);
  const late = faults.voiceAnswerDelayMs;
  const delay = late ? random.between(late.min, late.max) : 0;
  return async (request) => {
    if (lost) return { kind: 'failed', failure: 'connect', detail: 'the request was lost (fault)' };
    if (broken) return { kind: 'answered', statusCode: 503, headers: {}, body: '' };
    return timed(live, request, unheard ? request.readTimeoutMs : delay);
  };
}

async function timed(live: LiveCall, request: TransportRequest, delay: number): Promise<TransportOutcome> {
  const outcome = await live.world.transport(request);
  return afterTime(live, { request, outcome, took: (outcome.tookMs ?? 0) + delay });
}

interface Exchange {
  readonly request: TransportRequest;
  readonly outcome: TransportOutcome;
  readonly took: number;
}

async function afterTime({ world, strand }: LiveCall, exchange: Exchange): Promise<TransportOutcome> {
  const { request, outcome, took } = exchange;
  const limit = Math.min(request.readTimeoutMs, request.totalTimeoutMs);
  if (took > 0) await strand.pause(world.clock.now() + Math.min(took, limit));
  if (took < limit) return outcome;
  const failure = request.readTimeoutMs <= request.totalTimeoutMs ? 'read-timeout' : 'total-timeout';
  return { kind: 'failed', failure, detail: `no answer within ${limit} ms` };
}
