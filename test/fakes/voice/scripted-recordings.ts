import type { RecordingStore } from '../../../functions/shared/ports/recording-store.ts';
import { RecordingStoreError } from '../../../functions/shared/ports/recording-store.ts';
import type { TwilioRecordings } from '../../../functions/shared/ports/twilio-recordings.ts';

/** Recordings at Twilio as they are, with answers that may be lost. */
export class ScriptedRecordings implements TwilioRecordings {
  media: Uint8Array | undefined = new TextEncoder().encode('voices');
  status = 'completed';
  /** Answers of the next calls instead of the true ones. */
  readonly refusals: string[] = [];
  readonly calls: string[] = [];

  async fetchRecording(): ReturnType<TwilioRecordings['fetchRecording']> {
    return this.#answer('fetch', () =>
      this.media === undefined ? { kind: 'absent' } : { kind: 'found', recording: { status: this.status } },
    );
  }

  async readMedia({ maximumBytes }: Parameters<TwilioRecordings['readMedia']>[0]) {
    return this.#answer<Awaited<ReturnType<TwilioRecordings['readMedia']>>>('read', () => {
      if (this.media === undefined) return { kind: 'absent' };
      return this.media.byteLength > maximumBytes
        ? { kind: 'too-large' }
        : { kind: 'media', bytes: this.media };
    });
  }

  async deleteRecording(): ReturnType<TwilioRecordings['deleteRecording']> {
    return this.#answer('delete', () => {
      if (this.media === undefined) return { kind: 'absent' };
      this.media = undefined;
      return { kind: 'deleted' };
    });
  }

  #answer<Answer>(call: string, truth: () => Answer): Answer | { kind: 'unavailable'; reason: string } {
    this.calls.push(call);
    const reason = this.refusals.shift();
    return reason === undefined ? truth() : { kind: 'unavailable', reason };
  }
}

/** The bucket in memory. */
export class MemoryRecordingStore implements RecordingStore {
  readonly objects = new Map<string, Uint8Array>();
  isDown = false;
  /** Writes something else than it was given. */
  isCorrupting = false;

  async put({ key, bytes }: Parameters<RecordingStore['put']>[0]): Promise<void> {
    this.#mustBeUp();
    this.objects.set(key, this.isCorrupting ? bytes.slice(1) : bytes);
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    this.#mustBeUp();
    return this.objects.get(key);
  }

  async delete(key: string): Promise<void> {
    this.#mustBeUp();
    this.objects.delete(key);
  }

  #mustBeUp(): void {
    if (this.isDown) throw new RecordingStoreError('the bucket did not answer');
  }
}
