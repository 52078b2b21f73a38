/** A message that waits in a dead-letter queue. */
export interface DeadLetter {
  /** Stays the same however often it is received. */
  readonly id: string;
  readonly body: string;
  /** Of this receipt; needed to remove it. */
  readonly receipt: string;
}

/** One dead-letter queue. What is received stays there, hidden for some minutes, until it is removed. */
export interface DeadLetters {
  /** About how many wait, hidden ones included. */
  count(): Promise<number>;
  /** Some of those that can be seen; none where the queue seems empty. */
  receive(): Promise<readonly DeadLetter[]>;
  /** @returns those that are still there */
  remove(letters: readonly DeadLetter[]): Promise<readonly DeadLetter[]>;
}
