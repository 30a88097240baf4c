import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { CHECKPOINT_KEY } from '../../domain/log/checkpoint.ts';
import type { Pointer, TreeObjects } from '../../domain/log/log-ports.ts';
import { isMissing } from './object.ts';
import { writeOnce } from './write-once.ts';

const NOTE = 'text/plain; charset=utf-8';

/** The tree of the log beside its entries, locked by the bucket's default retention. */
export class S3TreeObjects implements TreeObjects {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async settle(key: string, bytes: Uint8Array): Promise<Uint8Array> {
    const contentType = key.startsWith('tile/') ? 'application/octet-stream' : NOTE;
    const outcome = await writeOnce(this.#client, { bucket: this.#bucket, key, body: bytes, contentType });
    return outcome === 'WRITTEN' ? bytes : await this.read(key);
  }

  async read(key: string): Promise<Uint8Array> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  }

  async pointer(): Promise<Pointer | undefined> {
    try {
      const { Body, ETag = '' } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: CHECKPOINT_KEY }),
      );
      return { note: (await Body?.transformToString()) ?? '', etag: ETag };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async movePointer(note: string, from: Pointer | undefined): Promise<'MOVED' | 'OVERTAKEN'> {
    if (note === from?.note) return 'MOVED';
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: CHECKPOINT_KEY,
          Body: note,
          ContentType: NOTE,
          ...(from === undefined ? { IfNoneMatch: '*' } : { IfMatch: from.etag }),
        }),
      );
      return 'MOVED';
    } catch (error) {
      if (!isConflict(error)) throw error;
      // The SDK repeats a write whose answer was lost: then what is in the way is ours.
      return (await this.pointer())?.note === note ? 'MOVED' : 'OVERTAKEN';
    }
  }
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html: 412, or 409 where two write at once
function isConflict(error: unknown): boolean {
  return error instanceof S3ServiceException && [409, 412].includes(error.$metadata.httpStatusCode ?? 0);
}
