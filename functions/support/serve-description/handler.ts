import { Health } from '../../shared/contract/api/service.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { openApiDescription } from '../../shared/contract/open-api.ts';
import { APPLICATION_ROUTES, type ApplicationRoute } from '../../shared/contract/routes.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironment } from '../../shared/runtime/environment.ts';
import { createHttpHandler, type HttpHandler } from '../../shared/runtime/http/http-handler.ts';
import { json } from '../../shared/runtime/http/http-response.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';

/** Version of the API, not of the software. */
const API_VERSION = '1';

const routeKey = ({ method, path }: ApplicationRoute): string => `${method} ${path}`;

/** Serves the two open routes: the API's description and its health. */
export function createHandler(settings: { readonly environment: string }, observer: Observer): HttpHandler {
  const description = openApiDescription(API_VERSION);
  const health = Health.parse({ status: 'ok', environment: settings.environment });
  return createHttpHandler({
    routes: {
      [routeKey(APPLICATION_ROUTES.describeApi)]: async () => json(200, description),
      [routeKey(APPLICATION_ROUTES.health)]: async () => json(200, health),
    },
    observer,
  });
}

const start = onColdStart(() =>
  createHandler(
    { environment: requireEnvironment(ENVIRONMENT.environmentName) },
    createObserver('serve-description'),
  ),
);

export const handler: HttpHandler = async (event, context) => (await start())(event, context);
