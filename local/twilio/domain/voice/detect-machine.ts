import type { AnsweredBy, MachineDetection } from './call.ts';
import type { PhoneBehaviour } from './phone-behaviour.ts';

export interface Detection {
  readonly answeredBy: AnsweredBy;
  /** From the answer on, in milliseconds. */
  readonly afterMs: number;
}

/** A person says a short hello; the verdict falls when it is followed by silence (assumption). */
const humanMs = 1500;
const faxMs = 2000;
const machineMs = 2400;
const silenceAfterGreetingMs = 1200;

/**
 * What answering-machine detection finds and when: `Enable` as soon as it is sure, `DetectMessageEnd` at the end
 * of the greeting; `unknown` when the timeout comes first.
 * https://www.twilio.com/docs/voice/answering-machine-detection
 */
export function detectMachine(detection: MachineDetection, phone: PhoneBehaviour): Detection {
  const found = listen(detection, phone);
  if (found.afterMs <= detection.timeoutMs) return found;
  return { answeredBy: 'unknown', afterMs: detection.timeoutMs };
}

function listen({ mode, timeoutMs }: MachineDetection, phone: PhoneBehaviour): Detection {
  switch (phone.answeredBy) {
    case 'human':
      return { answeredBy: 'human', afterMs: humanMs };
    case 'fax':
      return { answeredBy: 'fax', afterMs: faxMs };
    case 'unknown':
      return { answeredBy: 'unknown', afterMs: timeoutMs };
    case 'machine':
      return mode === 'Enable' ? { answeredBy: 'machine_start', afterMs: machineMs } : greetingEnd(phone);
  }
}

function greetingEnd({ greetingEnd: end, greetingMs }: PhoneBehaviour): Detection {
  switch (end) {
    case 'beep':
      return { answeredBy: 'machine_end_beep', afterMs: greetingMs };
    case 'silence':
      return { answeredBy: 'machine_end_silence', afterMs: greetingMs + silenceAfterGreetingMs };
    case 'other':
      return { answeredBy: 'machine_end_other', afterMs: greetingMs };
  }
}
