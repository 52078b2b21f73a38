import { defineFlow } from '../../functions/shared/contract/flows/define-flow.ts';

/** The line that customers call: hours, menu, queue for an agent, a person, a voicemail. */
export const supportLine = defineFlow({
  name: 'support-line',
  language: 'en-US',
  hangUp: 'caller-hung-up',
  maximumSteps: 60,
  start: 'welcome',
  states: {
    welcome: { kind: 'say', prompt: [{ say: 'Welcome, and thank you for calling.' }], next: 'hours' },
    hours: { kind: 'hours', calendar: 'support', open: 'rounds', closed: 'closed' },
    closed: {
      kind: 'say',
      prompt: [{ say: 'We are closed. Our hours are Monday to Friday, nine to five.' }],
      next: 'message',
    },

    rounds: { kind: 'limit', visits: 3, within: 'menu', beyond: 'waits' },
    menu: {
      kind: 'menu',
      prompt: [
        { say: 'For support, press 1 or say support.' },
        { say: 'To talk to our office, press 2 or say office.' },
        { say: 'For our opening hours, press 3. To hear this again, press 9.' },
      ],
      timeoutSeconds: 6,
      attempts: 3,
      options: [
        { key: '1', phrases: ['support', 'help'], to: 'waits' },
        { key: '2', phrases: ['office', 'a person'], to: 'person' },
        { key: '3', phrases: ['opening hours', 'hours'], to: 'opening-hours' },
        { key: '9', phrases: ['again', 'repeat'], to: 'rounds' },
      ],
      silence: { again: [{ say: 'I did not hear anything.' }], to: 'waits' },
      mismatch: { again: [{ say: 'I did not understand that.' }], to: 'person' },
      hangUp: 'hung-up-in-menu',
    },
    'opening-hours': {
      kind: 'say',
      prompt: [{ say: 'We are here Monday to Friday, nine to five.' }],
      next: 'rounds',
    },

    waits: { kind: 'limit', visits: 2, within: 'queue', beyond: 'message' },
    queue: {
      kind: 'enqueue',
      to: { queue: 'support', maximumSize: 50 },
      wait: {
        prompt: [{ say: 'You are number {position} in the queue. Please stay on the line.' }],
        everySeconds: 30,
      },
      maximumWaitSeconds: 300,
      bridged: 'served',
      timedOut: 'offer',
      full: 'busy',
      failed: 'person',
      hangUp: 'hung-up-in-queue',
    },
    offer: {
      kind: 'menu',
      prompt: [{ say: 'I am sorry for the wait. Press 1 to stay in the queue, or 2 to leave a message.' }],
      timeoutSeconds: 6,
      attempts: 2,
      options: [
        { key: '1', to: 'waits' },
        { key: '2', to: 'message' },
      ],
      silence: { again: [], to: 'waits' },
      mismatch: { again: [{ say: 'I did not understand that.' }], to: 'message' },
      hangUp: 'hung-up-in-queue',
    },
    busy: {
      kind: 'say',
      prompt: [{ say: 'I am sorry, very many people are calling just now.' }],
      next: 'message',
    },
    served: {
      kind: 'hang-up',
      prompt: [{ say: 'Thank you for calling. Goodbye.' }],
      outcome: 'talked-to-agent',
    },

    person: {
      kind: 'sub-flow',
      flow: 'talk-to-a-person',
      returns: { talked: 'talked', 'message-taken': 'message-taken', 'nothing-said': 'nothing-said' },
    },
    talked: {
      kind: 'hang-up',
      prompt: [{ say: 'Thank you for calling. Goodbye.' }],
      outcome: 'talked-to-office',
    },
    message: {
      kind: 'sub-flow',
      flow: 'leave-message',
      returns: { taken: 'message-taken', 'nothing-said': 'nothing-said' },
    },
    'message-taken': {
      kind: 'hang-up',
      prompt: [{ say: 'Thank you, we have your message. Goodbye.' }],
      outcome: 'voicemail-left',
    },
    'nothing-said': {
      kind: 'hang-up',
      prompt: [{ say: 'I could not hear you. Please call again. Goodbye.' }],
      outcome: 'nothing-said',
    },
  },
});
