import * as z from 'zod';
import { isDestination } from '../domain/address.ts';
import { faultsSchema } from '../domain/faults.ts';
import { receiveFromPhone } from '../engine/receive-from-phone.ts';
import type { World } from '../engine/world.ts';
import { ledgerOf } from './ledger.ts';
import { readJson } from './read-json.ts';
import { json, problem, type Reply } from './reply.ts';
import type { HttpRequest, Route } from './router.ts';
import { voiceLedgerOf } from './voice/voice-ledger.ts';

const phoneMessageSchema = z.strictObject({
  to: z.string().min(1),
  body: z.string().default(''),
  media: z
    .array(z.strictObject({ contentType: z.string().min(1), base64: z.base64() }))
    .max(10)
    .default([]),
  profileName: z.string().optional(),
  buttonText: z.string().optional(),
  buttonPayload: z.string().optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  repliedMessageSid: z.string().optional(),
});

/** The simulator's own routes, which the real Twilio does not have: handsets, faults, the truth. No credentials. */
export function simulatorRoutes(world: World): Route[] {
  return [
    { method: 'GET', pattern: '/simulator/health', handle: () => json(200, healthOf(world)) },
    {
      method: 'GET',
      pattern: '/simulator/ledger',
      handle: ({ query }) => json(200, ledgerOf(world, query.get('messageSid') ?? undefined)),
    },
    {
      method: 'GET',
      pattern: '/simulator/voice-ledger',
      handle: ({ query }) => json(200, voiceLedgerOf(world, query.get('callSid') ?? undefined)),
    },
    {
      method: 'GET',
      pattern: '/simulator/debugger',
      handle: () => json(200, { alerts: world.state.debugger }),
    },
    { method: 'GET', pattern: '/simulator/faults', handle: () => json(200, world.state.faults) },
    { method: 'PUT', pattern: '/simulator/faults', handle: (request) => putFaults(world, request) },
    {
      method: 'POST',
      pattern: '/simulator/phones/{address}/messages',
      handle: (request, { address = '' }) => sendFromPhone(world, address, request),
    },
    {
      method: 'GET',
      pattern: '/simulator/phones/{address}/messages',
      handle: (_, { address = '' }) => json(200, { address, messages: handsetOf(world, address) }),
    },
  ];
}

const healthOf = (world: World) => ({
  status: 'ok',
  seed: world.state.seed,
  accounts: world.state.accounts.map(({ accountSid, numbers }) => ({
    accountSid,
    numbers: numbers.map(({ phoneNumber }) => phoneNumber),
  })),
  pendingJobs: Object.keys(world.state.jobs).length,
  liveCalls: world.liveCalls.size,
});

export const handsetOf = (world: World, address: string) =>
  world.state.handsets
    .filter((message) => message.address === address)
    .map(({ address: _, ...message }) => message);

function putFaults(world: World, request: HttpRequest): Reply {
  const parsed = readJson(faultsSchema, request);
  if (parsed.kind === 'invalid') return parsed.reply;
  applyFaults(world, parsed.value);
  return json(200, world.state.faults);
}

/** Replaces all faults; a seed starts their randomness anew. */
export function applyFaults(world: World, faults: z.output<typeof faultsSchema>): void {
  world.state.faults = faults;
  if (faults.seed === undefined) return;
  world.state.faultSeed = faults.seed;
  for (const series of Object.keys(world.state.counters)) {
    if (series.startsWith('fault:')) delete world.state.counters[series];
  }
}

function sendFromPhone(world: World, address: string, request: HttpRequest): Reply {
  const parsed = readJson(phoneMessageSchema, request);
  if (parsed.kind === 'invalid') return parsed.reply;
  const { to, body, media, ...extras } = parsed.value;
  if (!isDestination(address)) {
    return problem(400, 'The phone is not a number or a channel address', address);
  }
  const outcome = receiveFromPhone(world, { from: address, to, body, media, extras });
  switch (outcome.kind) {
    case 'unknown-number':
      return problem(404, 'No account here has that number', to);
    case 'inbound-disabled':
      return json(202, { messageSid: null, reason: 'The Messaging Service has inbound messages disabled' });
    case 'received':
      return json(201, {
        messageSid: outcome.message.sid,
        accountSid: outcome.message.accountSid,
        from: address,
        to,
      });
  }
}
