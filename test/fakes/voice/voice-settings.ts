import type { VoiceSettings } from '../../../functions/shared/contract/flows/voice-settings.ts';

export const SUPPORT_NUMBER = '+15005550001';
export const OFFICE = '+15005550010';
export const BACKUP = '+15005550011';
export const FALLBACK_NUMBER = '+15005550012';

export const VOICE_SETTINGS: VoiceSettings = {
  numbers: { [SUPPORT_NUMBER]: 'support-line' },
  defaultFlow: 'talk',
  destinations: { office: OFFICE, backup: BACKUP },
  workflows: {},
  calendars: {
    support: {
      timeZone: 'America/New_York',
      weekly: {
        mon: [['09:00', '17:00']],
        tue: [['09:00', '17:00']],
        wed: [['09:00', '17:00']],
        thu: [['09:00', '17:00']],
        fri: [['09:00', '17:00']],
      },
      closedOn: ['2026-12-25'],
    },
  },
  fallback: {
    language: 'en-US',
    apology: 'We are sorry, something went wrong.',
    farewell: 'Thank you. Goodbye.',
    number: FALLBACK_NUMBER,
  },
};
