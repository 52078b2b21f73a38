import * as z from 'zod';
import type { Item } from '../shared/ports/table-client.ts';
import type { CallLog } from './domain/calls/call-log.ts';
import { placeInIndex } from './domain/due-shard.ts';
import type { RecordKind } from './record-store.ts';

/** The proof of a notice is kept as long as consent is (design: 5), numbers never are. */
const RETENTION_SECONDS = 1_825 * 86_400;

const StoredCallLog = z.object({
  callSid: z.string(),
  accountSid: z.string(),
  version: z.int(),
  owner: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  parentCallSid: z.string().exactOptional(),
  reports: z.array(
    z.object({
      status: z.string(),
      sequenceNumber: z.int().exactOptional(),
      durationSeconds: z.int().exactOptional(),
      sipResponseCode: z.int().exactOptional(),
      answeredBy: z.string().exactOptional(),
      errorCode: z.int().exactOptional(),
    }),
  ),
  answeredBy: z.string().exactOptional(),
  places: z.array(z.string()).exactOptional(),
  notices: z.array(
    z.object({
      noticeId: z.string(),
      policyVersion: z.string(),
      obtained: z.enum(['notice', 'key-press']),
      givenAt: z.number(),
    }),
  ),
  price: z.string().exactOptional(),
  priceUnit: z.string().exactOptional(),
  looks: z.int(),
  dueAt: z.iso.datetime().exactOptional(),
});

/** The record of one call or leg. */
export const CALL_LOGS: RecordKind<CallLog> = {
  keyOf: (callSid) => `CALLLOG#${callSid}`,
  attributesOf: ({ dueAt, ...log }): Item => ({
    kind: 'call-log',
    ...log,
    reports: log.reports.map((report) => ({ ...report })),
    notices: log.notices.map((notice) => ({ ...notice })),
    ...placeInIndex('calls', log.callSid, dueAt),
    expiresAt: Math.floor(log.updatedAt / 1000) + RETENTION_SECONDS,
  }),
  read: (item) => {
    const { dueAt, ...log } = StoredCallLog.parse(item);
    return dueAt === undefined ? log : { ...log, dueAt: Date.parse(dueAt) };
  },
};
