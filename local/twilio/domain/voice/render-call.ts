import { rfc2822 } from '../render-message.ts';
import { type CallRecord, durationSeconds } from './call.ts';

/** The Call resource as api.twilio.com shows it. */
export function renderCall(call: CallRecord): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${call.accountSid}/Calls/${call.sid}`;
  const ended = call.endedAt !== null;
  const billed = ended && call.answeredAt !== null;
  return {
    account_sid: call.accountSid,
    answered_by: call.answeredBy,
    api_version: '2010-04-01',
    caller_name: call.direction === 'inbound' ? '' : null,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    direction: call.direction,
    duration: ended ? `${durationSeconds(call)}` : null,
    end_time: call.endedAt === null ? null : rfc2822(call.endedAt),
    forwarded_from: call.forwardedFrom ?? null,
    from: call.from,
    from_formatted: formatted(call.from),
    group_sid: null,
    parent_call_sid: call.parentCallSid ?? null,
    phone_number_sid: call.phoneNumberSid ?? null,
    price: billed ? '-0.01400' : null,
    price_unit: 'USD',
    queue_time: `${call.queueMs}`,
    sid: call.sid,
    start_time: call.startedAt === null ? null : rfc2822(call.startedAt),
    status: call.status,
    subresource_uris: Object.fromEntries(
      [
        ['events', 'Events'],
        ['notifications', 'Notifications'],
        ['payments', 'Payments'],
        ['recordings', 'Recordings'],
        ['siprec', 'Siprec'],
        ['streams', 'Streams'],
        ['transcriptions', 'Transcriptions'],
        ['user_defined_message_subscriptions', 'UserDefinedMessageSubscriptions'],
        ['user_defined_messages', 'UserDefinedMessages'],
      ].map(([name, path]) => [name, `${uri}/${path}.json`]),
    ),
    to: call.to,
    to_formatted: formatted(call.to),
    trunk_sid: null,
    uri: `${uri}.json`,
  };
}

/** `(555) 010-0001` for North America, the address itself elsewhere. */
function formatted(address: string): string {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(address) ?? [];
  return area === undefined ? address : `(${area}) ${exchange}-${line}`;
}
