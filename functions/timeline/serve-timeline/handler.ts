import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import type { TableClient } from '../../shared/ports/table-client.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { createHttpHandler, type HttpHandler } from '../../shared/runtime/http/http-handler.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { timelineRoute } from './timeline-route.ts';

export interface ServeTimelinePorts {
  readonly tables: Pick<TableClient, 'query'>;
  readonly observer: Observer;
}

const { method, path } = APPLICATION_ROUTES.readTimeline;

/** Serves the story of any id. */
export const createHandler = ({ tables, observer }: ServeTimelinePorts): HttpHandler =>
  createHttpHandler({ routes: { [`${method} ${path}`]: timelineRoute(tables) }, observer });

const start = onColdStart(() =>
  createHandler({ tables: createFunctionTables(['timeline']), observer: createObserver('serve-timeline') }),
);

export const handler: HttpHandler = async (event, context) => (await start())(event, context);
