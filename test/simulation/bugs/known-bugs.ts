import type { KnownBug } from './known-bug.ts';
import { INBOUND_BUGS, PUBLISHING_BUGS, STATUS_BUGS } from './receiving-bugs.ts';
import { SENDING_BUGS, SETTLING_BUGS } from './sending-bugs.ts';

export type { KnownBug };

export const KNOWN_BUGS: readonly KnownBug[] = [
  ...SENDING_BUGS,
  ...SETTLING_BUGS,
  ...STATUS_BUGS,
  ...INBOUND_BUGS,
  ...PUBLISHING_BUGS,
];
