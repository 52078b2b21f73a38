import type { Source } from '../../domain/voice/call.ts';
import type { PlacedVerb, Verb } from '../../twiml/voice/verbs.ts';
import { answerCall } from './call-status.ts';
import { dial } from './dial.ts';
import { enqueue } from './enqueue.ts';
import { loadDocument, loadFallback } from './fetch-document.ts';
import { gather } from './gather.ts';
import { type LiveCall, next, type Step, write } from './live-call.ts';
import { linkSource, type Place } from './place.ts';
import { playPrompt } from './play-prompts.ts';
import { record } from './record.ts';
import { pendingInterrupt } from './wait.ts';

/** What a run of documents leads to; `next`: the last one ran out of verbs. */
export type Run = Exclude<Step, { readonly kind: 'goto' } | { readonly kind: 'failed' }>;

/** Which verbs may stand in a document: all, those of a whisper, or those of a queue's waitUrl. */
export type Setting = 'call' | 'whisper' | 'queue';

/** Documents that may follow one another without any time passing: Twilio has no limit, a simulator needs one. */
const mostDocumentsAtOnce = 200;

/** Executes a document and those that it leads to. */
export async function runDocuments(live: LiveCall, first: Source, setting: Setting): Promise<Run> {
  let source = first;
  let loop = { since: live.world.clock.now(), documents: 0 };
  for (;;) {
    const now = live.world.clock.now();
    loop = now > loop.since ? { since: now, documents: 1 } : { ...loop, documents: loop.documents + 1 };
    if (loop.documents > mostDocumentsAtOnce) return { kind: 'ended', cause: 'application-error' };
    const run = await runDocument(live, source, setting);
    if (run.kind !== 'goto') return run;
    source = run.source;
  }
}

type DocumentRun = Run | Extract<Step, { readonly kind: 'goto' }>;

async function runDocument(live: LiveCall, source: Source, setting: Setting): Promise<DocumentRun> {
  let loaded = await loadDocument(live, source);
  for (let isFallback = false; ; isFallback = true) {
    if (loaded.kind === 'dead') return { kind: 'ended', cause: 'application-error' };
    const step = await runVerbs(live, loaded.verbs, { place: loaded.place, setting });
    if (step.kind !== 'failed') return step;
    if (isFallback) return { kind: 'ended', cause: 'application-error' };
    const { errorCode, detail } = step;
    loaded = await loadFallback(live, { errorCode, detail, url: loaded.place.url ?? '' });
  }
}

export interface Stage {
  readonly place: Place;
  readonly setting: Setting;
}

async function runVerbs(live: LiveCall, verbs: readonly PlacedVerb[], stage: Stage): Promise<Step> {
  for (const [index, { verb, attributes }] of verbs.entries()) {
    const interrupted = pendingInterrupt(live);
    if (interrupted) return interrupted;
    const misplaced = misplacedIn(stage.setting, verb);
    if (misplaced) return misplaced;
    write(live, { kind: 'verb', verb: verb.verb, attributes });
    if (answersFirst(verb)) answerCall(live);
    const step = await execute(live, verb, { ...stage, isFirst: index === 0 });
    if (step.kind !== 'next') return step;
  }
  return pendingInterrupt(live) ?? next;
}

const whisperVerbs: readonly string[] = ['Say', 'Play', 'Pause', 'Gather', 'Redirect', 'Hangup'];

/** 13201: whoever hears a whisper, or waits in a queue, cannot dial, be recorded or be queued there. */
function misplacedIn(setting: Setting, { verb }: Verb): Step | undefined {
  const allowed =
    setting === 'call' || whisperVerbs.includes(verb) || (setting === 'queue' && verb === 'Leave');
  return allowed ? undefined : { kind: 'failed', errorCode: 13201, detail: `<${verb}> cannot stand there` };
}

/** `<Reject>` must not answer, a leading `<Pause>` rings on, and the others see to it themselves. */
function answersFirst(verb: Verb): boolean {
  return !['Reject', 'Pause', 'Redirect', 'Dial', 'Leave'].includes(verb.verb);
}

interface VerbStage extends Stage {
  readonly isFirst: boolean;
}

async function execute(live: LiveCall, verb: Verb, stage: VerbStage): Promise<Step> {
  switch (verb.verb) {
    case 'Say':
    case 'Play':
    case 'Pause':
      return playPrompt(live, verb);
    case 'Gather':
      return gather(live, verb, stage.place);
    case 'Redirect':
      return linkSource(verb.to, { place: stage.place });
    case 'Reject':
      return reject(live, verb.reason);
    case 'Hangup':
      return { kind: 'ended', cause: 'hangup-verb' };
    case 'Leave':
      return { kind: 'left' };
    case 'Record':
      return record(live, verb, stage.place);
    case 'Dial':
      return dial(live, verb, stage.place);
    case 'Enqueue':
      return enqueue(live, verb, stage.place);
  }
}

/** Once the call was answered there is nothing to reject any more: it is hung up. */
function reject(live: LiveCall, reason: 'rejected' | 'busy'): Step {
  if (live.record.answeredAt !== null) return { kind: 'ended', cause: 'hangup-verb' };
  return { kind: 'ended', cause: reason === 'busy' ? 'busy' : 'rejected' };
}
