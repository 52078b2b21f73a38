import type { BATCH_EVENTS } from '../../../shared/contract/events/batch-events.ts';
import type { EventIn } from '../../../shared/contract/events.ts';
import { type Description, defined, plural } from './description.ts';

export function describeBatchEvent(event: EventIn<typeof BATCH_EVENTS>): Description {
  const about = { subject: event.data.batchId, detail: defined(event.data), links: [] };
  switch (event.type) {
    case 'batch.requested.v1': {
      const { recipients, requestedBy } = event.data;
      const summary = `batch of ${plural(recipients, 'recipient')} requested by ${requestedBy}`;
      return { ...about, summary, state: 'RUNNING' };
    }
    case 'batch.chunk-requested.v1':
      return { ...about, summary: `chunk ${event.data.chunk} handed over` };
    case 'batch.chunk-answered.v1': {
      const { chunk, accepted, suppressed, refused } = event.data;
      return {
        ...about,
        summary: `chunk ${chunk}: ${accepted} accepted, ${suppressed} suppressed, ${refused} refused`,
      };
    }
    default:
      return event satisfies never;
  }
}
