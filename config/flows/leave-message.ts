import { defineFlow } from '../../functions/shared/contract/flows/define-flow.ts';

/** Takes a message; whoever uses it says what comes after. */
export const leaveMessage = defineFlow({
  name: 'leave-message',
  language: 'en-US',
  hangUp: 'caller-hung-up',
  maximumSteps: 10,
  start: 'attempts',
  states: {
    attempts: { kind: 'limit', visits: 2, within: 'message', beyond: 'given-up' },
    message: {
      kind: 'voicemail',
      prompt: [
        { say: 'Please leave a message after the tone, and your number if we are to call you back.' },
        { say: 'Press any key, or just hang up, when you are done.' },
      ],
      maximumSeconds: 180,
      silenceSeconds: 5,
      recorded: 'taken',
      empty: 'unheard',
      hangUpAfterSpeaking: 'voicemail-left',
    },
    unheard: { kind: 'say', prompt: [{ say: 'I did not hear anything.' }], next: 'attempts' },
    taken: { kind: 'return', outcome: 'taken' },
    'given-up': { kind: 'return', outcome: 'nothing-said' },
  },
});
