/** An error answer of Twilio's REST API. */
export interface TwilioError {
  readonly code: number;
  readonly message: string;
  readonly status: number;
}

export const twilioError = (code: number, message: string, status = 400): TwilioError => ({
  code,
  message,
  status,
});

/** The JSON body that api.twilio.com sends with a 4xx or 5xx. */
export function renderError(error: TwilioError): Record<string, unknown> {
  return {
    code: error.code,
    message: error.message,
    more_info: `https://www.twilio.com/docs/errors/${error.code}`,
    status: error.status,
  };
}

export const notFound = (path: string): TwilioError =>
  twilioError(20404, `The requested resource ${path} was not found`, 404);

export const unauthenticated = (): TwilioError => twilioError(20003, 'Authenticate', 401);

export const tooManyRequests = (): TwilioError => twilioError(20429, 'Too Many Requests', 429);

/** Texts that a Message resource shows as `error_message` (Twilio's error dictionary). */
const deliveryErrors: Readonly<Record<number, string>> = {
  21610: 'Attempt to send to unsubscribed recipient',
  30001: 'Queue overflow',
  30002: 'Account suspended',
  30003: 'Unreachable destination handset',
  30004: 'Message blocked',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
  30017: 'Carrier network congestion',
  30022: 'US A2P 10DLC - Rate Limits Exceeded',
  30032: 'Toll-Free Number Has Not Been Verified',
  30034: 'US A2P 10DLC - Message from an Unregistered Number',
  30036: 'Validity Period Expired',
  30410: 'Provider Timeout Error',
  63003: 'Channel could not find To address',
  63016:
    'Failed to send freeform message because you are outside the allowed window. If you are using WhatsApp, please use a Message Template.',
  63024: 'Invalid message recipient',
  63049: 'Meta chose not to deliver this WhatsApp marketing message',
};

export const deliveryErrorMessage = (code: number): string => deliveryErrors[code] ?? 'Unknown error';
