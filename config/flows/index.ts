import type { Flow } from '../../functions/shared/contract/flows/flow.ts';
import { appointment } from './appointment.ts';
import { leaveMessage } from './leave-message.ts';
import { supportLine } from './support-line.ts';
import { talkToAPerson } from './talk-to-a-person.ts';

/** Every flow of the deployment, by its name. */
export const FLOWS: Readonly<Record<string, Flow>> = {
  'support-line': supportLine,
  appointment,
  'talk-to-a-person': talkToAPerson,
  'leave-message': leaveMessage,
};
