import { ChangePauseRequest, type PausesView } from '../../shared/contract/api/operations.ts';
import { APPLICATION_ROUTES } from '../../shared/contract/routes.ts';
import type { SenderPool } from '../../shared/contract/settings.ts';
import type { RouteFunction } from '../../shared/runtime/http/http-handler.ts';
import type { HttpRequest } from '../../shared/runtime/http/http-request.ts';
import { type HttpResponse, json } from '../../shared/runtime/http/http-response.ts';
import { problem } from '../../shared/runtime/http/problem.ts';
import type { SendingControl } from '../domain/sending-control.ts';
import { readSendingControl } from '../sending-control-store.ts';
import { changePause, type OperationPorts } from './change-pause.ts';
import { keyReused, readOperatorRequest } from './operator-request.ts';

const READ = `${APPLICATION_ROUTES.readPauses.method} ${APPLICATION_ROUTES.readPauses.path}`;
const CHANGE = `${APPLICATION_ROUTES.changePause.method} ${APPLICATION_ROUTES.changePause.path}`;

/** The routes of /v1/pauses. */
export const pauseRoutes = (
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Readonly<Record<string, RouteFunction>> => ({
  [READ]: async () => json(200, pausesView(await readSendingControl(ports.tables))),
  [CHANGE]: (request) => change(request, pools, ports),
});

async function change(
  request: HttpRequest,
  pools: readonly SenderPool[],
  ports: OperationPorts,
): Promise<HttpResponse> {
  const asked = readOperatorRequest(request, ChangePauseRequest);
  if (asked.kind === 'refused') return asked.response;
  const { body, clientId, idempotencyKey } = asked;
  const { confirm: isConfirmed = false, ...wanted } = body;
  const outcome = await changePause({ ...wanted, isConfirmed, clientId, idempotencyKey }, pools, ports);
  switch (outcome.kind) {
    case 'done':
      return json(200, pausesView(outcome.control));
    case 'key-reused':
      return keyReused(request);
    case 'unconfirmed':
      return problem(request, UNCONFIRMED);
    case 'unknown-pool':
      return problem(request, UNKNOWN_POOL);
    default:
      return outcome satisfies never;
  }
}

const UNCONFIRMED = {
  status: 409,
  slug: 'freeze-stands',
  title: 'Sending is frozen',
  detail:
    'Messages may have been sent of which nothing is known here. Send `"confirm": true` once the audit against Twilio is done.',
};

const UNKNOWN_POOL = {
  status: 422,
  slug: 'unknown-pool',
  title: 'There is no such pool',
  errors: [{ pointer: '/scope', detail: 'names no pool of this deployment' }],
};

const pausesView = ({ pauses }: SendingControl): PausesView => ({
  pauses: pauses.map(({ scope, kind, since, by, reason }) => ({
    scope,
    state: kind === 'freeze' ? 'frozen' : 'paused',
    since: new Date(since).toISOString(),
    by,
    reason,
  })),
});
