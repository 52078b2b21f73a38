import { resolve } from 'node:path';
import colors from 'picocolors';
import { type Platform, startPlatform } from '../platform/start-platform.ts';
import { untilSignal } from '../platform/until-signal.ts';
import { describePlatform } from '../terminal/platform.ts';
import { demo } from './demo.ts';

export interface StartOptions {
  readonly demo?: boolean;
  readonly fresh?: boolean;
  readonly context: Readonly<Record<string, string>>;
  readonly state: string;
}

/** Runs the platform until interrupted, or for the length of the demonstration. */
export async function start(options: StartOptions): Promise<void> {
  const startedAt = performance.now();
  const stopped = untilSignal();
  const platform = await startPlatform({
    stateDirectory: resolve(options.state),
    fresh: options.fresh ?? false,
    overrides: options.context,
    onNotice: (text) => console.log(colors.dim(`  ${text}`)),
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(describePlatform(platform, seconds));
  try {
    await (options.demo === true ? Promise.race([demo(platform), stopped]) : stopped);
  } finally {
    await stop(platform);
  }
}

async function stop(platform: Platform): Promise<void> {
  console.log(colors.dim('stopping'));
  await platform.stop();
}
