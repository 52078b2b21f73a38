import { publishFailures } from '../../../functions/ingress/publish-failure.ts';
import { redriveQueue } from '../../../functions/support/redrive-queue.ts';
import type { Handler } from '../world/invocation.ts';
import type { SandboxPorts } from '../world/sandbox-ports.ts';
import type { World } from '../world/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** People who keep the deployment running: they look after what was set aside, at any time and with any luck. */
export const startOperators = (world: World): void => {
  const random = world.random('operators');
  for (let hour = 1; hour < 34; hour += 1)
    world.scheduler.at(world.now + (hour + random.fraction()) * HOUR, () => redrivePublishFailed(world));
};

/** `trunkline redrive publish-failed`; one that dies on the way is begun again, as an operator would. */
export const redrivePublishFailed = (world: World): void => {
  if (world.publishFailed.size === 0) return;
  world.coverage.reach('fault: publish-failed queue redriven');
  const handler =
    (ports: SandboxPorts): Handler =>
    async () => {
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
      return undefined;
    };
  world.lambda.invoke({ name: 'operator-redrive', timeoutSeconds: 3_600, build: handler }, {}, (result) => {
    if (result.kind === 'failed') world.scheduler.after(10 * MINUTE, () => redrivePublishFailed(world));
  });
};
