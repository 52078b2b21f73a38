import { createContactKey } from '../../shared/aws/contact-key.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentList } from '../../shared/runtime/environment.ts';
import { createHttpHandler, type HttpHandler } from '../../shared/runtime/http/http-handler.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { consentRoutes } from './consent-routes.ts';
import { exportRoutes } from './export-routes.ts';
import type { ReportPorts } from './report-consent.ts';
import { reviewRoutes } from './review-routes.ts';

/** Serves /v1/consents, /v1/contacts and /v1/exports. */
export const createHandler = (
  { accountSid }: { readonly accountSid: string },
  ports: ReportPorts & { readonly observer: Observer },
): HttpHandler =>
  createHttpHandler({
    routes: {
      ...consentRoutes(accountSid, ports),
      ...reviewRoutes(accountSid, ports),
      ...exportRoutes(ports),
    },
    observer: ports.observer,
  });

const start = onColdStart(() =>
  createHandler(
    { accountSid: requireEnvironmentList(ENVIRONMENT.accountSids)[0] ?? '' },
    {
      tables: createFunctionTables(['consent']),
      key: createContactKey(),
      observer: createObserver('serve-consents'),
      clock: systemClock,
      random: systemRandomness,
      sleep: systemSleep,
    },
  ),
);

export const handler: HttpHandler = async (event, context) => (await start())(event, context);
