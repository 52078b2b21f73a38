import type { CallView } from '../shared/contract/api/calls.ts';
import type { MessageView } from '../shared/contract/api/messages.ts';
import { type Intent, isCall } from './domain/intent.ts';
import { callView } from './serve-messages/call-view.ts';
import { messageView } from './serve-messages/message-view.ts';

/** What a client sees of what it asked for. */
export const intentView = (intent: Intent): MessageView | CallView =>
  isCall(intent) ? callView(intent) : messageView(intent);
