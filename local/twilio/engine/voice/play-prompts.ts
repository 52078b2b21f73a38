import { dialTonesMs, sayingMs } from '../../domain/voice/speaking.ts';
import type { Prompt } from '../../twiml/voice/verbs.ts';
import { type LiveCall, next, type Step, write } from './live-call.ts';
import { passTime } from './wait.ts';

/** A `<Say>`, `<Play>` or `<Pause>` on its own: nothing but an interrupt ends it early. */
export async function playPrompt(live: LiveCall, prompt: Prompt): Promise<Step> {
  const { clock } = live.world;
  const since = clock.now();
  const ms = promptMs(live, prompt);
  const heard = writePrompt(live, prompt, ms);
  const interrupt = await passTime(live, Number.isFinite(ms) ? since + ms : undefined);
  if (heard?.kind === 'heard') heard.ms = clock.now() - since;
  return interrupt ? { kind: 'interrupted', by: interrupt } : next;
}

/** How long it lasts with all its repetitions; for ever with `loop="0"`. */
export function promptMs(live: LiveCall, prompt: Prompt): number {
  if (prompt.verb === 'Pause') return prompt.ms;
  const times = prompt.loop === 0 ? Number.POSITIVE_INFINITY : prompt.loop;
  if (prompt.verb === 'Say') return sayingMs(prompt.text) * times;
  return prompt.digits === undefined ? live.world.timing.playMs * times : dialTonesMs(prompt.digits) * times;
}

/** A silence is not heard. */
export function writePrompt(live: LiveCall, prompt: Prompt, ms: number) {
  const duration = Number.isFinite(ms) ? ms : 0;
  switch (prompt.verb) {
    case 'Say':
      return write(live, { kind: 'heard', what: 'say', text: prompt.text, ms: duration });
    case 'Play':
      return write(live, { kind: 'heard', what: 'play', text: prompt.digits ?? prompt.url, ms: duration });
    case 'Pause':
      return undefined;
  }
}
