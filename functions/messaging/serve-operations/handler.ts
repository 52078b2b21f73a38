import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { MessagingSettings, type SenderPool } from '../../shared/contract/settings.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createHttpHandler, type HttpHandler } from '../../shared/runtime/http/http-handler.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import type { OperationPorts } from './change-pause.ts';
import { parkedRoutes } from './parked-routes.ts';
import { pauseRoutes } from './pause-routes.ts';

/** Serves what operators do about sending: /v1/pauses and /v1/parked. */
export const createHandler = (
  { pools }: { readonly pools: readonly SenderPool[] },
  ports: OperationPorts & { readonly observer: Observer },
): HttpHandler =>
  createHttpHandler({
    routes: { ...pauseRoutes(pools, ports), ...parkedRoutes(pools, ports) },
    observer: ports.observer,
  });

const start = onColdStart(() =>
  createHandler(requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings), {
    tables: createFunctionTables(['messaging']),
    observer: createObserver('serve-operations'),
    clock: systemClock,
    random: systemRandomness,
    sleep: systemSleep,
  }),
);

export const handler: HttpHandler = async (event, context) => (await start())(event, context);
