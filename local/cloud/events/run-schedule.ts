import type { Background } from '../background.ts';
import type { Schedule } from './schedule-expression.ts';

export interface RunningSchedule {
  readonly schedule: Schedule;
  /** EventBridge Scheduler fires a rate at once, a scheduled rule after its first period. */
  readonly firesAtStart: boolean;
  /** @param at the instant the schedule meant */
  readonly fire: (at: Date) => void;
}

/** Fires until the platform stops. Instants that pass while the platform is down are not made up for. */
export async function runSchedule(
  { schedule, firesAtStart, fire }: RunningSchedule,
  work: Background,
): Promise<void> {
  switch (schedule.kind) {
    case 'rate':
      if (firesAtStart) fire(new Date());
      return repeat(schedule.everyMilliseconds, fire, work);
    case 'cron':
      return everyMinute((minute) => schedule.matches(minute) && fire(minute), work);
    case 'at': {
      const wait = schedule.instant.getTime() - Date.now();
      if (wait < 0 || !(await waited(wait, work))) return;
      fire(schedule.instant);
    }
  }
}

async function repeat(everyMilliseconds: number, fire: (at: Date) => void, work: Background): Promise<void> {
  for (
    let next = Date.now() + everyMilliseconds;
    await waited(next - Date.now(), work);
    next += everyMilliseconds
  ) {
    fire(new Date(next));
  }
}

async function everyMinute(fire: (minute: Date) => void, work: Background): Promise<void> {
  const nextMinute = (): number => (Math.floor(Date.now() / 60_000) + 1) * 60_000;
  for (
    let next = nextMinute();
    await waited(next - Date.now(), work);
    next = Math.max(next + 60_000, nextMinute())
  ) {
    fire(new Date(next));
  }
}

/** Timers of more than 24 days overflow, so long waits are cut. @returns false when the platform stopped meanwhile */
async function waited(milliseconds: number, work: Background): Promise<boolean> {
  for (let left = milliseconds; left > 0 && !work.signal.aborted; left -= 86_400_000) {
    await work.pause(Math.min(left, 86_400_000));
  }
  return !work.signal.aborted;
}
