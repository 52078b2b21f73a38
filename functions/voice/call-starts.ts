import type { CallStart, CallStarts } from '../shared/ports/call-starts.ts';
import type { Item } from '../shared/ports/table-client.ts';
import { sha256Hex } from '../shared/runtime/digest.ts';

/** Key of the step with which an outbound call begins; a digest, so that the table holds no live token. */
export const callStartKey = (token: string): string => `START#${sha256Hex(token)}`;

const startItem = ({ token, ...start }: CallStart): Item => ({
  pk: callStartKey(token),
  kind: 'start',
  version: 1,
  ...start,
});

/** The writes that other subjects join to their transactions. No condition: a token is drawn for one attempt only. */
export const createCallStarts = (): CallStarts => ({
  put: (start) => ({ kind: 'put', table: 'voice', item: startItem(start) }),
});
