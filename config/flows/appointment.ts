import { defineFlow } from '../../functions/shared/contract/flows/define-flow.ts';

/** Called out: confirm, reschedule, or talk to a person. Says when and where, never why. */
export const appointment = defineFlow({
  name: 'appointment',
  language: 'en-US',
  context: {
    day: { kind: 'text', maximumLength: 60 },
    time: { kind: 'text', maximumLength: 40 },
    place: { kind: 'text', maximumLength: 80 },
  },
  hangUp: 'hung-up-undecided',
  maximumSteps: 40,
  start: 'who',
  states: {
    who: {
      kind: 'choose',
      value: 'answered-by',
      cases: { machine: 'machine' },
      otherwise: 'rounds',
    },
    machine: {
      kind: 'hang-up',
      prompt: [
        { say: 'Hello, this is a reminder of your appointment on {day} at {time}, {place}.' },
        { say: 'Please call us if you cannot come. Goodbye.' },
      ],
      outcome: 'left-on-machine',
    },

    rounds: { kind: 'limit', visits: 3, within: 'decide', beyond: 'person' },
    decide: {
      kind: 'menu',
      prompt: [
        { say: 'Hello, this is a reminder of your appointment on {day} at {time}, {place}.' },
        { say: 'To confirm, press 1 or say confirm. To choose another time, press 2 or say another time.' },
        { say: 'To talk to a person, press 3. To hear this again, press 9.' },
      ],
      timeoutSeconds: 7,
      attempts: 3,
      options: [
        { key: '1', phrases: ['confirm', 'yes'], to: 'confirm' },
        { key: '2', phrases: ['another time', 'reschedule'], to: 'reschedule' },
        { key: '3', phrases: ['a person', 'help'], to: 'person' },
        { key: '9', phrases: ['again', 'repeat'], to: 'rounds' },
      ],
      silence: { again: [{ say: 'I did not hear anything.' }], to: 'unanswered' },
      mismatch: { again: [{ say: 'I did not understand that.' }], to: 'person' },
    },
    confirm: { kind: 'report', word: 'confirmed', next: 'confirmed' },
    confirmed: {
      kind: 'hang-up',
      prompt: [{ say: 'Thank you, your appointment is confirmed. Goodbye.' }],
      outcome: 'confirmed',
    },

    reschedule: {
      kind: 'menu',
      prompt: [{ say: 'To be called back with other times, press 1. To go back, press 2.' }],
      timeoutSeconds: 7,
      attempts: 2,
      options: [
        { key: '1', phrases: ['yes'], to: 'ask-for-times' },
        { key: '2', phrases: ['back'], to: 'rounds' },
      ],
      silence: { again: [], to: 'person' },
      mismatch: { again: [{ say: 'I did not understand that.' }], to: 'person' },
    },
    'ask-for-times': { kind: 'report', word: 'reschedule-requested', next: 'rescheduled' },
    rescheduled: {
      kind: 'hang-up',
      prompt: [{ say: 'We will call you back with other times. Goodbye.' }],
      outcome: 'reschedule-requested',
    },

    unanswered: {
      kind: 'hang-up',
      prompt: [{ say: 'Please call us if you cannot come. Goodbye.' }],
      outcome: 'undecided',
    },
    person: {
      kind: 'sub-flow',
      flow: 'talk-to-a-person',
      returns: { talked: 'talked', 'message-taken': 'message-taken', 'nothing-said': 'unanswered' },
    },
    talked: { kind: 'hang-up', prompt: [{ say: 'Thank you. Goodbye.' }], outcome: 'talked-to-office' },
    'message-taken': {
      kind: 'hang-up',
      prompt: [{ say: 'Thank you, we have your message. Goodbye.' }],
      outcome: 'voicemail-left',
    },
  },
});
