/** An inbound message as Twilio's list has it; addresses with the prefix of their channel. */
export interface PolledMessage {
  readonly messageSid: string;
  readonly accountSid: string;
  readonly from?: string;
  readonly to: string;
  readonly body: string;
  readonly messagingServiceSid?: string;
  readonly numSegments: number;
}

export interface PolledMedia {
  readonly url: string;
  readonly contentType: string;
}

const API_VERSION = '2010-04-01';

/**
 * The form that the message's webhook would have carried, as far as the Message resource tells it: verdicts of Advanced
 * Opt-Out, buttons and profile names are in webhooks only. The text of a STOP is here as there.
 */
export const formOfPolled = (message: PolledMessage, media: readonly PolledMedia[]): string => {
  const form = new URLSearchParams({
    MessageSid: message.messageSid,
    SmsSid: message.messageSid,
    AccountSid: message.accountSid,
    ...(message.messagingServiceSid === undefined
      ? {}
      : { MessagingServiceSid: message.messagingServiceSid }),
    From: message.from ?? '',
    To: message.to,
    Body: message.body,
    // Twilio's webhooks never say 0 here, its list does for some channels.
    NumSegments: String(Math.max(1, message.numSegments)),
    NumMedia: String(media.length),
    ApiVersion: API_VERSION,
  });
  for (const [index, { url, contentType }] of media.entries()) {
    form.append(`MediaUrl${index}`, url);
    form.append(`MediaContentType${index}`, contentType);
  }
  return form.toString();
};
