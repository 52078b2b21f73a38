import * as z from 'zod';
import { RecordingConsent } from '../shared/contract/recording-policy.ts';
import type { Item } from '../shared/ports/table-client.ts';
import { placeInIndex } from './domain/due-shard.ts';
import type { Recording } from './domain/recordings/recording.ts';
import type { RecordKind } from './record-store.ts';

/** As long as consent is kept (design: 5), counted from the last change: it proves why we had it, and that it is gone. */
const RETENTION_SECONDS = 1_825 * 86_400;

const facts = {
  callSid: z.string().exactOptional(),
  conferenceSid: z.string().exactOptional(),
  source: z.string().exactOptional(),
  startedAt: z.number().exactOptional(),
  durationSeconds: z.number().exactOptional(),
  channels: z.number().exactOptional(),
  errorCode: z.number().exactOptional(),
};

const StoredRecording = z.object({
  recordingSid: z.string(),
  accountSid: z.string(),
  version: z.int(),
  owner: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  reportedAt: z.number(),
  ...facts,
  reports: z.array(z.object({ status: z.string(), ...facts })),
  verdict: z
    .object({
      kind: z.enum(['permitted', 'unproved']),
      required: RecordingConsent,
      policyVersion: z.string(),
      noticeId: z.string().exactOptional(),
      noticeGivenAt: z.number().exactOptional(),
    })
    .exactOptional(),
  copy: z
    .object({
      key: z.string(),
      bytes: z.int(),
      sha256: z.string(),
      at: z.number(),
      quarantined: z.boolean(),
    })
    .exactOptional(),
  deletedAtTwilioAt: z.number().exactOptional(),
  erasedAt: z.number().exactOptional(),
  failures: z.int(),
  looks: z.int(),
  dueAt: z.iso.datetime().exactOptional(),
});

/** The record of one recording; the media itself is in the bucket. */
export const RECORDINGS: RecordKind<Recording> = {
  keyOf: (recordingSid) => `REC#${recordingSid}`,
  attributesOf: ({ dueAt, ...recording }): Item => ({
    kind: 'recording',
    ...recording,
    reports: recording.reports.map((report) => ({ ...report })),
    verdict: recording.verdict === undefined ? undefined : { ...recording.verdict },
    copy: recording.copy === undefined ? undefined : { ...recording.copy },
    ...placeInIndex('recordings', recording.recordingSid, dueAt),
    // Something is left of it as long as it has an appointment.
    ...(dueAt === undefined ? { expiresAt: Math.floor(recording.updatedAt / 1000) + RETENTION_SECONDS } : {}),
  }),
  read: (item) => {
    const { dueAt, ...recording } = StoredRecording.parse(item);
    return dueAt === undefined ? recording : { ...recording, dueAt: Date.parse(dueAt) };
  },
};
