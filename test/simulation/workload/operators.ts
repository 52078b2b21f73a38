import { publishFailures } from '../../../functions/ingress/publish-failure.ts';
import { redriveQueue } from '../../../functions/support/redrive-queue.ts';
import { FUNCTIONS } from '../world/function-catalogue.ts';
import { POOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { request } from './api-clients.ts';
import { runCommand } from './run-command.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 03:00 UTC of the day after the beginning; a run that was killed is tried again by Lambda. */
const AUDIT_HOUR = 15;
const AUDIT_TRIES = 3;

/** People and clocks that keep the deployment running, at any time and with any luck. */
export const startOperators = (world: World): void => {
  const random = world.random('operators');
  const at = (hours: number, run: () => void) => world.scheduler.at(world.now + hours * HOUR, run);
  for (let hour = 1; hour < 34; hour += 1) at(hour + random.fraction(), () => redrivePublishFailed(world));
  if (random.chance(0.3)) at(random.between(0, 0.3), () => pauseForAWhile(world));
  for (const hours of [1, 3, 26]) at(hours + random.fraction(), () => decideParked(world));
  at(AUDIT_HOUR, () => auditLedger(world));
};

/** `trunkline redrive publish-failed`. */
export const redrivePublishFailed = (world: World): void => {
  if (world.publishFailed.size === 0) return;
  world.coverage.reach('fault: publish-failed queue redriven');
  runCommand(world, 'operator-redrive', async (ports) => {
    await redriveQueue(
      { perSecond: 20 },
      {
        ...ports,
        letters: world.publishFailed.asPort(),
        deliver: (letters) =>
          publishFailures(
            letters.map(({ body }) => body),
            ports,
          ),
        report: () => undefined,
      },
    );
    return true;
  });
};

/** Something is stopped, and goes on some minutes later. */
const pauseForAWhile = (world: World): void => {
  const random = world.random('operators');
  const scope = random.pick(['all', 'class:otp', ...POOLS.map(({ name }) => `pool:${name}`)]);
  const state = scope === 'all' && random.chance(0.5) ? 'frozen' : 'paused';
  const change = (wanted: string, body: object) =>
    request(
      world,
      {
        worker: FUNCTIONS.serveOperations,
        routeKey: 'PUT /v1/pauses',
        client: 'operator',
        key: `${wanted}-${scope}`,
        body: JSON.stringify({ scope, reason: 'simulated', ...body }),
      },
      (status) => {
        world.coverage.reach(`reached: operator set sending to ${wanted}`);
        if (status !== 200) world.violate('api-answer', `a pause was answered with ${status}`, scope);
      },
    );
  change(state, { state });
  world.scheduler.after(random.between(1, 20) * MINUTE, () =>
    change('running', { state: 'running', confirm: true }),
  );
};

/**
 * An operator looks into Twilio's own log before they decide, as the runbook says: what is there is left to the evidence that will
 * come, what is not there is sent again or given up.
 */
const decideParked = (world: World): void => {
  const random = world.random('operators');
  const parked = world.store
    .items('messaging')
    .filter(({ pk, state }) => String(pk).startsWith('INTENT#') && state === 'PARKED');
  for (const intent of parked) {
    const id = String(intent.id);
    const wasSent = [...world.twilio.ledger.messages.values()].some(
      ({ to, body }) => to === intent.to && body === intent.body,
    );
    if (wasSent || random.chance(0.3)) continue;
    const decision = random.pick(['resend', 'give-up']);
    const call = {
      worker: FUNCTIONS.serveOperations,
      routeKey: 'POST /v1/parked/{id}/decision',
      client: 'operator',
      key: `decide-${id}-${Math.round(world.now)}`,
      id,
      body: JSON.stringify({ decision, reason: 'simulated' }),
    };
    request(world, call, (status) => {
      world.coverage.reach(`reached: parked message decided: ${decision} ${status}`);
      if (status !== 200 && status !== 409)
        world.violate('api-answer', `a decision was answered with ${status}`, id);
    });
  }
};

/** The schedule; Lambda tries a failed run twice more. */
const auditLedger = (world: World, tries = 1): void =>
  world.lambda.invoke(FUNCTIONS.auditLedger, {}, (result) => {
    const kind = result.kind === 'failed' ? 'failed' : (result.value as { readonly kind: string }).kind;
    world.coverage.reach(`reached: ledger audit ${kind}`);
    if (kind === 'audited' || kind === 'audited-before') return;
    world.scheduler.after(tries < AUDIT_TRIES ? 5 * MINUTE : HOUR, () => auditLedger(world, tries + 1));
  });
