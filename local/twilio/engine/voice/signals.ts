import type { Source } from '../../domain/voice/call.ts';

/** What can happen to a call while it waits. */
export type Signal =
  | { readonly kind: 'keys'; readonly digits: string }
  | { readonly kind: 'speech'; readonly text: string }
  | { readonly kind: 'picked-up' }
  | { readonly kind: 'member-joined' }
  | Interrupt
  | LegSignal;

/** Ends whatever the call is doing; who understands it decides what comes next. */
export type Interrupt =
  | { readonly kind: 'hung-up' }
  | { readonly kind: 'redirected'; readonly source: Source }
  | { readonly kind: 'completed-by-api' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'time-limit' }
  | { readonly kind: 'dequeued'; readonly by: Dequeuer };

/** Who takes a caller out of a queue, and what the caller hears first. */
export type Dequeuer =
  | {
      readonly kind: 'call';
      readonly callSid: string;
      readonly whisper?: Source | undefined;
    }
  | { readonly kind: 'redirect'; readonly source: Source }
  | { readonly kind: 'task-canceled'; readonly taskSid: string };

/** What the other side of a bridge, or one leg of a `<Dial>`, tells. */
export type LegSignal =
  | { readonly kind: 'leg-answered'; readonly callSid: string }
  | { readonly kind: 'leg-over'; readonly callSid: string }
  | { readonly kind: 'bridged'; readonly callSid: string }
  | { readonly kind: 'peer-gone'; readonly callSid: string };

export function isInterrupt(signal: Signal): signal is Interrupt {
  switch (signal.kind) {
    case 'hung-up':
    case 'redirected':
    case 'completed-by-api':
    case 'canceled':
    case 'time-limit':
    case 'dequeued':
      return true;
    case 'keys':
    case 'speech':
    case 'picked-up':
    case 'member-joined':
    case 'leg-answered':
    case 'leg-over':
    case 'bridged':
    case 'peer-gone':
      return false;
  }
}
