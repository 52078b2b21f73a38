/** The encrypted bucket that holds our copies of recordings. */
export interface RecordingStore {
  put(object: {
    readonly key: string;
    readonly bytes: Uint8Array;
    readonly contentType: string;
  }): Promise<void>;
  /** Undefined where there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Nothing happens where there is none. */
  delete(key: string): Promise<void>;
}

/** The bucket gave no definite answer; every call may be made again. */
export class RecordingStoreError extends Error {
  override readonly name = 'RecordingStoreError';
  readonly retryable = true;
}
