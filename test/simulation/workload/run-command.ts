import type { Handler } from '../world/invocation.ts';
import type { SandboxPorts } from '../world/sandbox-ports.ts';
import type { World } from '../world/world.ts';

const AGAIN_MILLISECONDS = 120_000;

/** A command of an operator: one that dies on the way, or says that it is not done, is begun again after a while. */
export const runCommand = (
  world: World,
  name: string,
  command: (ports: SandboxPorts) => Promise<boolean>,
  done: () => void = () => undefined,
): void => {
  const build =
    (ports: SandboxPorts): Handler =>
    () =>
      command(ports);
  world.lambda.invoke({ name, timeoutSeconds: 3_600, build }, {}, (result) => {
    if (result.kind === 'returned' && result.value === true) return done();
    world.scheduler.after(AGAIN_MILLISECONDS, () => runCommand(world, name, command, done));
  });
};
