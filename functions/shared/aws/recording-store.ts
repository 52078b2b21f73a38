import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type RecordingStore, RecordingStoreError } from '../ports/recording-store.ts';

/** RecordingStore on Amazon S3; the bucket itself encrypts with the customer key and refuses plain transport. */
export const createRecordingStore = (s3: Pick<S3Client, 'send'>, bucket: string): RecordingStore => ({
  put: async ({ key, bytes, contentType }) => {
    const object = { Bucket: bucket, Key: key, Body: bytes, ContentType: contentType };
    await translated('put', () => s3.send(new PutObjectCommand(object)));
  },
  read: async (key) =>
    translated('read', async () => {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    }),
  delete: async (key) => {
    await translated('delete', () => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })));
  },
});

const translated = async <Result>(what: string, call: () => Promise<Result>): Promise<Result> => {
  try {
    return await call();
  } catch (cause) {
    throw new RecordingStoreError(`the bucket did not ${what}`, { cause });
  }
};
