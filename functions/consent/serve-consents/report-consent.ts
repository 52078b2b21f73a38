import type { RecordConsentRequest, RecordedConsent } from '../../shared/contract/api/consents.ts';
import type { ContactKey } from '../../shared/ports/contact-key.ts';
import { contactIdOf } from '../../shared/runtime/contact-id.ts';
import { sha256Hex } from '../../shared/runtime/digest.ts';
import { normalizeAddress } from '../domain/normalize-address.ts';
import { type RecordPorts, recordConsent } from '../record-consent.ts';

export interface ReportPorts extends RecordPorts {
  readonly key: ContactKey;
}

export interface Reporter {
  readonly clientId: string;
  readonly idempotencyKey: string;
  readonly accountSid: string;
  readonly source: 'api' | 'import';
}

export type ReportOutcome =
  | { readonly kind: 'recorded'; readonly recorded: RecordedConsent }
  | { readonly kind: 'key-reused' }
  | {
      readonly kind: 'refused';
      readonly problems: readonly { readonly pointer: string; readonly detail: string }[];
    };

/** Clocks of clients may be this far ahead. */
const SKEW_MILLISECONDS = 5 * 60_000;

/** Records what an application reports, once per client and key. */
export async function reportConsent(
  request: RecordConsentRequest,
  reporter: Reporter,
  ports: ReportPorts,
): Promise<ReportOutcome> {
  const normalized = normalizeAddress(request.address);
  const occurredAt = Date.parse(request.occurredAt);
  const isFuture = occurredAt > ports.clock() + SKEW_MILLISECONDS;
  const problems = [
    ...(normalized.kind === 'refused' ? [{ pointer: '/address', detail: normalized.reason }] : []),
    ...(isFuture ? [{ pointer: '/occurredAt', detail: 'lies in the future' }] : []),
  ];
  if (normalized.kind === 'refused' || isFuture) return { kind: 'refused', problems };
  const contactId = contactIdOf(await ports.key(), normalized.address);
  const { clientId, idempotencyKey } = reporter;
  const recordId = `req_${sha256Hex(JSON.stringify([clientId, idempotencyKey])).slice(0, 32)}`;
  const { kind, scope, wording, place } = request;
  const requestHash = sha256Hex(
    JSON.stringify([idempotencyKey, normalized.address, kind, scope, occurredAt, wording, place]),
  );
  const outcome = await recordConsent(
    {
      recordId,
      kind,
      scope,
      source: reporter.source,
      occurredAt,
      contactId,
      address: normalized.address,
      accountSid: reporter.accountSid,
      correlationId: contactId,
      ...(wording === undefined ? {} : { wording }),
      ...(place === undefined ? {} : { place }),
      by: clientId,
      requestHash,
      owner: ports.random.token(),
    },
    ports,
  );
  if (outcome.kind === 'known')
    return outcome.requestHash === requestHash
      ? { kind: 'recorded', recorded: { recordId, contactId, effect: 'known' } }
      : { kind: 'key-reused' };
  const reason = outcome.reason === undefined ? {} : { reason: outcome.reason };
  return { kind: 'recorded', recorded: { recordId, contactId, effect: outcome.effect, ...reason } };
}
