import { TimelineView } from '../api/timeline.ts';
import type { Operation } from './operation.ts';

export const TIMELINE_OPERATIONS = {
  readTimeline: {
    summary: 'The whole story of an intent id, a MessageSid or a correlation id',
    success: 200,
    response: TimelineView,
    problems: [400, 401, 403, 404, 503],
    query: [
      { name: 'limit', description: 'Entries a page, 1 to 500; 100 by default.' },
      { name: 'after', description: '`next` of the page before.' },
    ],
  },
} as const satisfies Record<string, Operation>;
