import type { Clock } from '../../clock.ts';

/**
 * One call's thread of events. Its body runs until it waits for something; whoever wakes it gets a promise that
 * lasts until it waits again. So a clock that awaits its tasks lets a call do all its work (requests to webhooks
 * included) before time goes on, and the same run can be repeated.
 */
export class Strand<Signal> {
  private readonly clock: Clock;
  private readonly onError: (error: unknown) => void;
  private readonly mailbox: Signal[] = [];
  private resume: ((signal: Signal | undefined) => void) | undefined;
  private deaf = false;
  private ended = false;
  private settle: () => void = () => {};
  private cancelTimer: () => void = () => {};

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.clock = clock;
    this.onError = onError;
  }

  /** Runs the body from now on. */
  start(body: () => Promise<void>): void {
    this.clock.schedule(this.clock.now(), () =>
      this.continue(() => {
        void body()
          .catch(this.onError)
          .finally(() => {
            this.ended = true;
            this.settle();
          });
      }),
    );
  }

  /** Delivers a signal at this instant, after what is already on the clock for it. */
  send(signal: Signal): void {
    this.clock.schedule(this.clock.now(), () => {
      if (this.ended) return Promise.resolve();
      if (this.resume === undefined || this.deaf) {
        this.mailbox.push(signal);
        return Promise.resolve();
      }
      return this.wake(signal);
    });
  }

  /** The next signal, or undefined when the instant has come. For the body alone. */
  wait(until?: number): Promise<Signal | undefined> {
    const signal = this.mailbox.shift();
    return signal === undefined ? this.park(until) : Promise.resolve(signal);
  }

  /** Lets time pass; signals wait. For the body alone. */
  async pause(until: number): Promise<void> {
    this.deaf = true;
    await this.park(until);
    this.deaf = false;
  }

  /** Takes the first waiting signal of a kind, without waiting for one. */
  take(wanted: (signal: Signal) => boolean): Signal | undefined {
    const index = this.mailbox.findIndex(wanted);
    return index < 0 ? undefined : this.mailbox.splice(index, 1)[0];
  }

  /** The body is never continued. */
  abandon(): void {
    this.ended = true;
    this.cancelTimer();
    this.resume = undefined;
    this.settle();
  }

  private park(until: number | undefined): Promise<Signal | undefined> {
    if (until !== undefined && until <= this.clock.now()) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      if (this.ended) return;
      this.resume = resolve;
      this.cancelTimer =
        until === undefined ? () => {} : this.clock.schedule(until, () => this.wake(undefined));
      this.settle();
    });
  }

  private wake(signal: Signal | undefined): Promise<void> {
    const resume = this.resume;
    if (this.ended || resume === undefined) return Promise.resolve();
    this.resume = undefined;
    this.cancelTimer();
    return this.continue(() => resume(signal));
  }

  private continue(go: () => void): Promise<void> {
    const parked = new Promise<void>((resolve) => {
      this.settle = resolve;
    });
    go();
    return parked;
  }
}
