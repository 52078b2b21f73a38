import { FLOWS } from '../../../config/flows/index.ts';
import { createConsentGuard } from '../../consent/consent-guard.ts';
import { createContactKey } from '../../shared/aws/contact-key.ts';
import { createFunctionTables } from '../../shared/aws/function-tables.ts';
import { ConsentSettings } from '../../shared/contract/consent-settings.ts';
import { ENVIRONMENT } from '../../shared/contract/environment.ts';
import { MessagingSettings } from '../../shared/contract/settings.ts';
import type { Observer } from '../../shared/ports/observer.ts';
import { onColdStart } from '../../shared/runtime/cold-start.ts';
import { requireEnvironmentJson } from '../../shared/runtime/environment.ts';
import { createHttpHandler, type HttpHandler } from '../../shared/runtime/http/http-handler.ts';
import { createObserver } from '../../shared/runtime/powertools-observer.ts';
import { systemClock, systemRandomness, systemSleep } from '../../shared/runtime/system.ts';
import { readGatePolicy } from '../gate-policy.ts';
import { createGate, type GatePorts } from '../send-gate.ts';
import { batchRoutes } from './batch-routes.ts';
import { callRoutes } from './call-routes.ts';
import { type MessageRoutePorts, messageRoutes } from './message-routes.ts';

/** Serves /v1/messages, /v1/batches and /v1/calls. */
export const createHandler = (
  settings: MessagingSettings,
  given: Omit<MessageRoutePorts, 'gate'> & Pick<GatePorts, 'consent'> & { readonly observer: Observer },
): HttpHandler => {
  const ports = { ...given, gate: createGate(readGatePolicy(), given) };
  const routes = {
    ...messageRoutes(settings, ports),
    ...batchRoutes(settings, ports),
    ...callRoutes({ ...settings, flows: FLOWS }, ports),
  };
  return createHttpHandler({ routes, observer: ports.observer });
};

const start = onColdStart(() => {
  const parts = { clock: systemClock, random: systemRandomness, sleep: systemSleep };
  const tables = createFunctionTables(['messaging', 'consent']);
  const consent = requireEnvironmentJson(ENVIRONMENT.consentSettings, ConsentSettings);
  return createHandler(requireEnvironmentJson(ENVIRONMENT.messagingSettings, MessagingSettings), {
    ...parts,
    tables,
    consent: createConsentGuard(consent, { ...parts, tables, key: createContactKey() }),
    observer: createObserver('serve-messages'),
  });
});

export const handler: HttpHandler = async (event, context) => (await start())(event, context);
