import type { CreateMessageRequest, TwilioMessages } from '../ports/twilio-messages.ts';
import { createResource, type TwilioCreateOptions } from './create-resource.ts';

/** TwilioMessages over Twilio's REST API, one fresh connection per message. */
export const createTwilioMessages = (options: TwilioCreateOptions): TwilioMessages => ({
  create: (request) =>
    createResource('message', { accountSid: request.accountSid, form: formOf(request) }, options),
});

const formOf = (request: CreateMessageRequest): URLSearchParams => {
  const form = new URLSearchParams({ To: request.to, MessagingServiceSid: request.messagingServiceSid });
  if (request.body !== undefined) form.append('Body', request.body);
  for (const mediaUrl of request.mediaUrls ?? []) form.append('MediaUrl', mediaUrl);
  form.append('StatusCallback', request.statusCallback);
  if (request.sendAt !== undefined) {
    form.append('ScheduleType', 'fixed');
    form.append('SendAt', request.sendAt);
  }
  form.append('ValidityPeriod', String(request.validityPeriod));
  return form;
};
