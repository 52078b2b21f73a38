import { type CreateFault, chooseCreateFault } from '../domain/faults.ts';
import { renderError, type TwilioError, tooManyRequests, twilioError } from '../domain/twilio-error.ts';
import { faultRandom, type World } from '../engine/world.ts';
import type { HowAnswered } from '../state/simulator-state.ts';
import { json, type Reply } from './reply.ts';

/** What the ledger keeps of a create, as far as it is known only at its end. */
interface Entry {
  readonly fault?: CreateFault | undefined;
  errorCode?: number | undefined;
  answered: HowAnswered;
}

export interface Creation {
  readonly entry: Entry;
  /** Does what was asked and returns the new resource, or why it is refused. */
  readonly accept: () => Promise<Created>;
}

export type Created =
  | { readonly kind: 'created'; readonly body: Record<string, unknown> }
  | { readonly kind: 'refused'; readonly error: TwilioError };

/** The fault that strikes the next create: the next one in the script, or a draw. */
export function nextFault(world: World): CreateFault | undefined {
  const { faults } = world.state;
  const [scripted, ...rest] = faults.nextCreates;
  if (scripted !== undefined) {
    world.state.faults = { ...faults, nextCreates: rest };
    return scripted === 'none' ? undefined : scripted;
  }
  return chooseCreateFault(faults, faultRandom(world, 'create').next());
}

/** A create whose outcome the client may never learn; the ledger learns how it was answered. */
export async function createUnderFaults(world: World, creation: Creation): Promise<Reply> {
  const { entry } = creation;
  world.load.creates += 1;
  try {
    const reply = tooBusy(world) ?? (await attempt(world, creation));
    entry.answered = answeredBy(reply);
    return reply.kind === 'answer' ? { ...reply, onUnheard: () => noteUnheard(entry) } : reply;
  } finally {
    world.load.creates -= 1;
  }
}

function noteUnheard(entry: Entry): void {
  entry.answered = 'unheard';
}

const tooBusy = ({ load }: World): Reply | undefined =>
  load.creates > load.mostCreates ? json(429, renderError(tooManyRequests())) : undefined;

async function attempt(world: World, { entry, accept }: Creation): Promise<Reply> {
  await delay(world);
  const early = beforeAcceptance(entry.fault);
  if (early) return early;
  const created = await accept();
  if (created.kind === 'created') return afterAcceptance(entry.fault, created.body);
  entry.errorCode = created.error.code;
  return json(created.error.status, renderError(created.error));
}

function answeredBy(reply: Reply): HowAnswered {
  switch (reply.kind) {
    case 'answer':
      return { status: reply.status };
    case 'hang':
      return 'hung';
    case 'reset':
      return 'reset';
  }
}

async function delay(world: World): Promise<void> {
  const span = world.state.faults.createDelayMs;
  if (!span) return;
  const at = world.clock.now() + faultRandom(world, 'create-delay').between(span.min, span.max);
  await new Promise<void>((resolve) => world.clock.schedule(at, async () => resolve()));
}

function beforeAcceptance(fault: CreateFault | undefined): Reply | undefined {
  switch (fault) {
    case 'createFails429':
      return json(429, renderError(tooManyRequests()));
    case 'createFails5xxBefore':
      return json(503, renderError(twilioError(20503, 'Service unavailable', 503)));
    case 'createTimesOutBefore':
      return { kind: 'hang' };
    case 'createFails5xxAfterAccept':
    case 'createTimesOutAfterAccept':
    case 'responseReset':
    case 'rubbish2xx':
    case undefined:
      return undefined;
  }
}

function afterAcceptance(fault: CreateFault | undefined, body: Record<string, unknown>): Reply {
  switch (fault) {
    case 'createFails5xxAfterAccept':
      return json(500, renderError(twilioError(20500, 'Internal Server Error', 500)));
    case 'createTimesOutAfterAccept':
      return { kind: 'hang' };
    case 'responseReset':
      return { kind: 'reset' };
    case 'rubbish2xx':
      return {
        kind: 'answer',
        status: 201,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body).slice(0, 40),
      };
    case 'createFails429':
    case 'createFails5xxBefore':
    case 'createTimesOutBefore':
    case undefined:
      return json(201, body);
  }
}
