import * as z from 'zod';

/** A whole answer of Twilio's REST API, or of something on the way to it. */
export interface Answer {
  readonly httpStatus: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What Twilio's support asks for; undefined where the header is not Twilio's. */
export const requestIdOf = (headers: ReadonlyMap<string, string>): { readonly twilioRequestId?: string } => {
  const twilioRequestId = headers.get('twilio-request-id');
  return twilioRequestId === undefined || !/^[\w-]{1,64}$/.test(twilioRequestId) ? {} : { twilioRequestId };
};

/** Twilio's error body; `code` alone tells it from what a proxy on the way says. */
const TwilioFault = z.object({ code: z.int().positive() });

/** The code of a Twilio error body; undefined where the body is not Twilio's. */
export const twilioErrorCode = (body: string): number | undefined =>
  TwilioFault.safeParse(parseJson(body)).data?.code;

export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Seconds or an HTTP date (RFC 9110, 10.2.3); what is neither, or in the past, says nothing. */
export const retryAfter = (
  header: string | undefined,
  now: number,
): { readonly retryAfterSeconds?: number } => {
  if (header === undefined) return {};
  if (/^\d{1,6}$/.test(header.trim())) return { retryAfterSeconds: Number(header) };
  const seconds = Math.ceil((Date.parse(header) - now) / 1000);
  return seconds >= 0 ? { retryAfterSeconds: seconds } : {};
};
