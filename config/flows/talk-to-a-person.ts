import { defineFlow } from '../../functions/shared/contract/flows/define-flow.ts';

/** Rings the office, then whoever stands in for it, then takes a message. */
export const talkToAPerson = defineFlow({
  name: 'talk-to-a-person',
  language: 'en-US',
  hangUp: 'caller-hung-up',
  maximumSteps: 12,
  start: 'connecting',
  states: {
    connecting: { kind: 'say', prompt: [{ say: 'One moment please, I am connecting you.' }], next: 'notice' },
    notice: { kind: 'recording-notice', granted: 'ring', refused: 'ring' },
    ring: {
      kind: 'dial',
      destinations: ['office', 'backup'],
      ringSeconds: 20,
      maximumSeconds: 3600,
      record: true,
      whisper: [{ say: 'A caller from the automatic line.' }],
      answered: 'talked',
      unanswered: 'nobody',
      hangUp: 'hung-up-while-connecting',
    },
    nobody: { kind: 'say', prompt: [{ say: 'I am sorry, nobody can answer just now.' }], next: 'message' },
    message: {
      kind: 'sub-flow',
      flow: 'leave-message',
      returns: { taken: 'message-taken', 'nothing-said': 'nothing-said' },
    },
    talked: { kind: 'return', outcome: 'talked' },
    'message-taken': { kind: 'return', outcome: 'message-taken' },
    'nothing-said': { kind: 'return', outcome: 'nothing-said' },
  },
});
