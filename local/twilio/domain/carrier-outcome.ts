import { channelOf, lastFourDigits } from './address.ts';
import { type TwilioError, twilioError } from './twilio-error.ts';

/** What becomes of a message after Twilio took it. */
export type CarrierOutcome =
  | { readonly kind: 'delivered'; readonly read: boolean }
  | { readonly kind: 'sent-without-receipt' }
  | { readonly kind: 'stuck'; readonly status: 'queued' | 'sending' }
  | { readonly kind: 'undelivered'; readonly errorCode: number; readonly afterDelivery?: boolean }
  | { readonly kind: 'failed'; readonly errorCode: number }
  | { readonly kind: 'delivered-in-silence' };

const failedByCode = [30001, 30002, 30022, 30032, 30034] as const;
const undeliveredByCode = [30003, 30004, 30005, 30006, 30007, 30008, 30017, 30036] as const;

const byLastFour: ReadonlyMap<string, CarrierOutcome> = new Map<string, CarrierOutcome>([
  ...failedByCode.map(
    (errorCode) => [`3${`${errorCode}`.slice(-3)}`, { kind: 'failed', errorCode }] as const,
  ),
  ...undeliveredByCode.map(
    (errorCode) => [`3${`${errorCode}`.slice(-3)}`, { kind: 'undelivered', errorCode }] as const,
  ),
  ['3410', { kind: 'undelivered', errorCode: 30410, afterDelivery: true }],
  ['6303', { kind: 'failed', errorCode: 63003 }],
  ['6316', { kind: 'failed', errorCode: 63016 }],
  ['6324', { kind: 'failed', errorCode: 63024 }],
  ['6349', { kind: 'undelivered', errorCode: 63049 }],
  ['9000', { kind: 'sent-without-receipt' }],
  ['9001', { kind: 'stuck', status: 'queued' }],
  ['9002', { kind: 'stuck', status: 'sending' }],
  ['9003', { kind: 'delivered-in-silence' }],
  ['9004', { kind: 'delivered', read: true }],
]);

/**
 * The outcome written in the recipient's number (docs/simulator.md has the table). Everybody else gets the
 * message; on WhatsApp and RCS it is read too, because only those channels have read receipts.
 */
export function carrierOutcomeFor(to: string): CarrierOutcome {
  const read = channelOf(to) === 'whatsapp' || channelOf(to) === 'rcs';
  return byLastFour.get(lastFourDigits(to)) ?? { kind: 'delivered', read };
}

/**
 * Recipients that Twilio refuses at once: the magic numbers of its test credentials
 * (https://www.twilio.com/docs/iam/test-credentials) and, beside them, numbers ending in 1xxx for 21xxx.
 */
export function refusedRecipient(to: string): TwilioError | undefined {
  const code = magicRecipients.get(to) ?? refusedByLastFour.get(lastFourDigits(to));
  return code === undefined ? undefined : twilioError(code, refusalText(code, to));
}

const magicRecipients: ReadonlyMap<string, number> = new Map([
  ['+15005550001', 21211],
  ['+15005550002', 21612],
  ['+15005550003', 21408],
  ['+15005550004', 21610],
  ['+15005550009', 21614],
]);

const refusedByLastFour: ReadonlyMap<string, number> = new Map([
  ['1211', 21211],
  ['1408', 21408],
  ['1610', 21610],
  ['1612', 21612],
  ['1614', 21614],
]);

function refusalText(code: number, to: string): string {
  switch (code) {
    case 21211:
      return `Invalid 'To' Phone Number: ${to}`;
    case 21408:
      return "Permission to send an SMS has not been enabled for the region indicated by the 'To' number";
    case 21610:
      return 'Attempt to send to unsubscribed recipient';
    case 21612:
      return "The 'To' phone number is not currently reachable via SMS";
    default:
      return "'To' number is not a valid mobile number";
  }
}

/** Senders of the test credentials: one is invalid, one is not ours, one has a full queue, one always works. */
export function magicSender(from: string): 'works' | TwilioError | undefined {
  switch (from) {
    case '+15005550006':
      return 'works';
    case '+15005550001':
      return twilioError(21212, `Invalid From Number (caller ID): ${from}`);
    case '+15005550007':
      return notOurSender(from);
    case '+15005550008':
      return twilioError(21611, "This 'From' number has exceeded the maximum number of queued messages");
    default:
      return undefined;
  }
}

export const notOurSender = (from: string): TwilioError =>
  twilioError(
    21606,
    `The 'From' phone number provided (${from}) is not a valid message-capable Twilio phone number for this destination.`,
  );
