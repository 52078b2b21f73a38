import colors from 'picocolors';
import type { CallState } from '../commands/simulator-client.ts';

interface TranscriptOptions {
  readonly withRequests: boolean;
  readonly write: (line: string) => void;
}

type Entry = CallState['transcript'][number];

/** Prints what is new in a call each time, with seconds since it began; at its end, how it ended. */
export function createTranscriptPrinter({ withRequests, write }: TranscriptOptions) {
  let shown = 0;
  let asked = 0;
  return (call: CallState): void => {
    const seconds = (at: number) => `${((at - call.createdAt) / 1000).toFixed(1).padStart(7)} s  `;
    for (const entry of call.transcript.slice(shown)) {
      const line = describe(entry, withRequests);
      if (line !== undefined) write(colors.dim(seconds(entry.at)) + line);
    }
    if (call.waiting?.verb === 'Gather' && asked < call.transcript.length) {
      asked = call.transcript.length;
      write(colors.dim(`           … waits for ${(call.waiting.input ?? ['dtmf']).join(' or ')}`));
    }
    shown = call.transcript.length;
    if (call.endedAt !== null) {
      const text = `${call.status}: ${(call.end ?? 'unknown').replaceAll('-', ' ')}`;
      write(colors.dim(seconds(call.endedAt)) + (call.end === 'application-error' ? colors.red(text) : text));
    }
  };
}

function describe(entry: Entry, withRequests: boolean): string | undefined {
  switch (entry.kind) {
    case 'verb':
      return undefined;
    case 'heard':
      return heard(entry);
    case 'did':
      return did(entry);
    case 'request':
      return withRequests ? request(entry) : undefined;
  }
}

function heard({ what, text }: Extract<Entry, { kind: 'heard' }>): string {
  switch (what) {
    case 'say':
      return colors.green(`“${text}”`);
    case 'error-voice':
      return colors.red(`“${text}”`);
    case 'bridge':
      return colors.green(`(connected with ${text})`);
    case 'play':
      return colors.green(`♪ ${text}`);
    default:
      return colors.green(`(${text})`);
  }
}

function did({ what, text }: Extract<Entry, { kind: 'did' }>): string {
  switch (what) {
    case 'keys':
      return colors.cyan(`→ presses ${text}`);
    case 'speech':
      return colors.cyan(`→ says “${text}”`);
    case 'hangup':
      return colors.cyan('→ hangs up');
    default:
      return colors.dim('answered');
  }
}

function request({ method, url, fallback, statusCode, errorCode }: Extract<Entry, { kind: 'request' }>) {
  const outcome = errorCode === undefined ? `${statusCode}` : `error ${errorCode}`;
  return colors.dim(`${method} ${new URL(url).pathname}${fallback ? ' (fallback)' : ''}: ${outcome}`);
}
