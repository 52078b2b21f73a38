import * as z from 'zod';
import { isOver } from '../../domain/voice/call.ts';
import { callScriptSchema, phoneBehaviourSchema } from '../../domain/voice/phone-behaviour.ts';
import { isDialable } from '../../domain/voice/validate-call.ts';
import { findLive } from '../../engine/voice/live-call.ts';
import type { Signal } from '../../engine/voice/signals.ts';
import { behaviourAt, callFromPhone, personAt } from '../../engine/voice/start-call.ts';
import type { World } from '../../engine/world.ts';
import { readJson } from '../read-json.ts';
import { json, problem, type Reply } from '../reply.ts';
import type { HttpRequest, Route } from '../router.ts';

const phoneCallSchema = z.strictObject({
  to: z.string().min(1),
  forwardedFrom: z.string().optional(),
  script: callScriptSchema.optional(),
});

const keysSchema = z.strictObject({
  digits: z.string().regex(/^[0-9A-D*#]{1,100}$/i, 'keys are 0-9, A-D, * and #'),
});
const speechSchema = z.strictObject({ text: z.string().trim().min(1).max(4000) });

/** Phones that call and are called: the person's side of a call. No credentials. */
export function phoneRoutes(world: World): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/simulator/phones/{address}/calls',
      handle: (request, { address = '' }) => placeCall(world, address, request),
    },
    {
      method: 'PUT',
      pattern: '/simulator/phones/{address}/behaviour',
      handle: (request, { address = '' }) => setBehaviour(world, address, request),
    },
    {
      method: 'GET',
      pattern: '/simulator/phones/{address}/behaviour',
      handle: (_, { address = '' }) => json(200, behaviourAt(world, address)),
    },
    {
      method: 'GET',
      pattern: '/simulator/calls/{sid}',
      handle: (_, { sid = '' }) => showCall(world, sid),
    },
    {
      method: 'POST',
      pattern: '/simulator/calls/{sid}/keys',
      handle: (request, { sid = '' }) => {
        const parsed = readJson(keysSchema, request);
        return parsed.kind === 'invalid'
          ? parsed.reply
          : signal(world, sid, { kind: 'keys', digits: parsed.value.digits });
      },
    },
    {
      method: 'POST',
      pattern: '/simulator/calls/{sid}/speech',
      handle: (request, { sid = '' }) => {
        const parsed = readJson(speechSchema, request);
        return parsed.kind === 'invalid'
          ? parsed.reply
          : signal(world, sid, { kind: 'speech', text: parsed.value.text });
      },
    },
    {
      method: 'POST',
      pattern: '/simulator/calls/{sid}/hangup',
      handle: (_, { sid = '' }) => signal(world, sid, { kind: 'hung-up' }),
    },
    {
      method: 'POST',
      pattern: '/simulator/calls/{sid}/answer',
      handle: (_, { sid = '' }) => signal(world, sid, { kind: 'picked-up' }),
    },
  ];
}

function placeCall(world: World, address: string, request: HttpRequest): Reply {
  const parsed = readJson(phoneCallSchema, request);
  if (parsed.kind === 'invalid') return parsed.reply;
  const { to, forwardedFrom, script } = parsed.value;
  if (!isDialable(address) && !withheld.includes(address)) {
    return problem(400, 'The phone is not a number, a client or a SIP address', address);
  }
  const person = personAt(world, address, script);
  const live = callFromPhone(world, { from: address, to, forwardedFrom, person });
  if (!live) return problem(404, 'No account here has that number', to);
  return json(201, { callSid: live.record.sid, accountSid: live.account.accountSid, from: address, to });
}

/** What Twilio shows where the caller withholds the number. */
const withheld: readonly string[] = ['anonymous', 'unknown', '+266696687'];

function setBehaviour(world: World, address: string, request: HttpRequest): Reply {
  const parsed = readJson(phoneBehaviourSchema, request);
  if (parsed.kind === 'invalid') return parsed.reply;
  if (!isDialable(address)) return problem(400, 'That is not a number, a client or a SIP address', address);
  world.state.voice.behaviours[address] = parsed.value;
  return json(200, parsed.value);
}

export function callView(world: World, sid: string) {
  const call = world.state.voice.calls[sid];
  if (!call) return undefined;
  return {
    ...call,
    now: world.clock.now(),
    children: Object.values(world.state.voice.calls)
      .filter(({ parentCallSid }) => parentCallSid === sid)
      .map((child) => ({ sid: child.sid, to: child.to, status: child.status })),
  };
}

function showCall(world: World, sid: string): Reply {
  const view = callView(world, sid);
  return view ? json(200, view) : problem(404, 'There is no such call', sid);
}

/** Something the person does; a call that is over takes nothing any more. */
function signal(world: World, sid: string, what: Signal): Reply {
  const call = world.state.voice.calls[sid];
  if (!call) return problem(404, 'There is no such call', sid);
  const live = findLive(world, sid);
  if (!live || isOver(call.status)) return problem(409, 'The call is over', call.status);
  live.strand.send(what);
  return json(202, { callSid: sid, status: call.status });
}
