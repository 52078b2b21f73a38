import * as z from 'zod';
import { RECORDING_CONSENT } from './recording-consent.ts';

/**
 * When calls may be recorded, and what becomes of the recordings: data of `config/recording/`, checked at synth, read by
 * the voice functions. It is this deployment's reading of the law, to be reviewed by counsel; every entry names its source.
 */

export const RecordingConsent = z.enum(RECORDING_CONSENT);
export type RecordingConsent = z.infer<typeof RecordingConsent>;

/** ISO 3166: a country, or one of its parts (`US-CA`). */
const placeCode = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);

const Place = z.strictObject({
  /** A part of a country without an entry of its own has its country's. */
  code: placeCode,
  requires: RecordingConsent,
  /** Statute or reading that it rests on. */
  source: z.string().min(3).max(300),
});

const Notice = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  /** What it amounts to: said and not objected to by staying, or answered by a key. */
  obtains: RecordingConsent.exclude(['nothing']),
  /** BCP 47, for the voice that says it. */
  language: z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/),
  wording: z.string().min(10).max(500),
});

export const RecordingPolicy = z
  .strictObject({
    /** Changes with every change of a wording or a requirement: it stands in the proof. */
    version: z.string().regex(/^[0-9a-z][0-9a-z.-]{0,39}$/),
    places: z.array(Place).min(1),
    /** What holds where the place is not known: withheld and toll-free numbers, apps, countries without an entry. */
    elsewhere: RecordingConsent,
    /** The house's own minimum, whatever the law asks for. */
    always: RecordingConsent,
    /** Where the people sit who speak for us; counted as an end of every call. */
    ourPlaces: z.array(placeCode).default([]),
    notices: z.array(Notice).min(1),
    channels: z.enum(['mono', 'dual']),
    /**
     * RecordingSource values that need no proof. `RecordVerb` is a voicemail: only the caller speaks, after being told that a
     * message is taken.
     */
    needNoProof: z.array(z.enum(['RecordVerb', 'DialVerb', 'OutboundAPI', 'StartCallRecordingAPI'])),
    copy: z.strictObject({
      format: z.enum(['wav', 'mp3']),
      /** Above it a recording stays at Twilio and an operator is told; it passes through a function's memory. */
      maximumMegabytes: z.int().min(1).max(200),
    }),
    /** How long Twilio keeps a recording after our copy has been read back. */
    deleteAtTwilioAfterMinutes: z.int().min(0).max(525_600),
    /** How long we keep it, counted from its arrival. */
    keepDays: z.int().min(1).max(3_650),
    withoutProof: z.strictObject({
      /** How long the proof may come after the recording: events have no order. */
      graceMinutes: z.int().min(1).max(1_440),
      action: z.enum(['delete', 'quarantine']),
      /** How long a quarantined one is kept for whoever has to decide. */
      quarantineDays: z.int().min(1).max(90),
    }),
  })
  .superRefine((policy, context) => {
    for (const finding of findingsOf(policy)) context.addIssue({ code: 'custom', ...finding });
  });
export type RecordingPolicy = z.infer<typeof RecordingPolicy>;
export type RecordingNotice = RecordingPolicy['notices'][number];

interface Finding {
  readonly path: (string | number)[];
  readonly message: string;
}

function findingsOf(
  policy: Pick<RecordingPolicy, 'places' | 'elsewhere' | 'always' | 'ourPlaces' | 'notices'>,
) {
  const { places, elsewhere, always, ourPlaces, notices } = policy;
  const findings: Finding[] = [];
  const codes = places.map(({ code }) => code);
  for (const [at, code] of codes.entries())
    if (codes.indexOf(code) !== at)
      findings.push({ path: ['places', at, 'code'], message: `${code} has another entry` });
  for (const [at, code] of ourPlaces.entries())
    if (!codes.includes(code))
      findings.push({ path: ['ourPlaces', at], message: `${code} has no entry in places` });
  const wanted = new Set([always, elsewhere, ...places.map(({ requires }) => requires)]);
  for (const consent of wanted)
    if (consent !== 'nothing' && !notices.some(({ obtains }) => obtains === consent))
      findings.push({ path: ['notices'], message: `none obtains '${consent}', which some calls need` });
  for (const [at, { id }] of notices.entries())
    if (notices.findIndex((notice) => notice.id === id) !== at)
      findings.push({ path: ['notices', at, 'id'], message: `${id} is used by another notice` });
  return findings;
}
