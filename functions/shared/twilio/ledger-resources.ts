import * as z from 'zod';
import type { TwilioMedia, TwilioMessage } from '../ports/twilio-ledger.ts';
import { parseJson } from './read-answer.ts';

const messageSid = z.string().regex(/^(SM|MM)[0-9a-f]{32}$/);
const absent = <Value>(value: Value | null | undefined): value is null | undefined =>
  value === null || value === undefined;

/** `Thu, 24 Aug 2023 05:01:45 +0000` */
const instant = z.string().transform((text, context) => {
  const milliseconds = Date.parse(text);
  if (!Number.isNaN(milliseconds)) return milliseconds;
  context.addIssue({ code: 'custom', message: 'is not a time' });
  return z.NEVER;
});

/** Twilio writes these counts as text. */
const count = z
  .string()
  .regex(/^\d{1,3}$/)
  .nullish()
  .transform((text) => Number(text ?? 0));

/** The Message resource (Twilio's OpenAPI description, api.v2010.account.message), as far as it is used. */
const Message = z
  .object({
    sid: messageSid,
    account_sid: z.string(),
    direction: z.string().min(1),
    to: z.string().nullish(),
    from: z.string().nullish(),
    body: z.string().nullish(),
    status: z.string().min(1).max(40),
    error_code: z.int().nullish(),
    messaging_service_sid: z.string().nullish(),
    num_media: count,
    num_segments: count,
    date_created: instant,
    date_sent: instant.nullish(),
  })
  .transform(
    (message): TwilioMessage => ({
      messageSid: message.sid,
      accountSid: message.account_sid,
      direction: message.direction,
      to: message.to ?? '',
      ...(absent(message.from) ? {} : { from: message.from }),
      body: message.body ?? '',
      status: message.status,
      ...(absent(message.error_code) || message.error_code === 0 ? {} : { errorCode: message.error_code }),
      ...(absent(message.messaging_service_sid)
        ? {}
        : { messagingServiceSid: message.messaging_service_sid }),
      numMedia: message.num_media,
      numSegments: message.num_segments,
      createdAt: message.date_created,
      ...(absent(message.date_sent) ? {} : { sentAt: message.date_sent }),
    }),
  );

const MessagePage = z.object({ messages: z.array(Message), next_page_uri: z.string().nullish() });

const MediaPage = z.object({
  media_list: z.array(
    z.object({
      sid: z.string().regex(/^ME[0-9a-f]{32}$/),
      account_sid: z.string(),
      parent_sid: messageSid,
      content_type: z.string(),
    }),
  ),
});

export type Media = Omit<TwilioMedia, 'url'>;

/** A message of this account; undefined for anything else. */
export const readMessage = (body: string, accountSid: string): TwilioMessage | undefined => {
  const message = Message.safeParse(parseJson(body)).data;
  return message?.accountSid === accountSid ? message : undefined;
};

export interface MessagePage {
  readonly messages: readonly TwilioMessage[];
  /** As Twilio wrote it: to be checked before it is followed. */
  readonly nextPageUri?: string;
}

/** A page of this account's messages; undefined if one of them is odd, for a page with a hole would look whole. */
export const readMessagePage = (body: string, accountSid: string): MessagePage | undefined => {
  const page = MessagePage.safeParse(parseJson(body)).data;
  if (page === undefined || page.messages.some((message) => message.accountSid !== accountSid))
    return undefined;
  const { messages, next_page_uri: next } = page;
  return { messages, ...(absent(next) || next === '' ? {} : { nextPageUri: next }) };
};

export const readMediaList = (
  body: string,
  { accountSid, messageSid: parent }: { readonly accountSid: string; readonly messageSid: string },
): readonly Media[] | undefined => {
  const list = MediaPage.safeParse(parseJson(body)).data?.media_list;
  const isOdd = list?.some((media) => media.account_sid !== accountSid || media.parent_sid !== parent);
  return isOdd === true
    ? undefined
    : list?.map((media) => ({ mediaSid: media.sid, contentType: media.content_type }));
};
