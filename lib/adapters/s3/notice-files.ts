import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AffectedLists, NoticeReports } from '../../domain/notice/ports.ts';
import { readObject } from './scrub-files.ts';

/** Lists of affected people, and what became of their notices, in the privacy bucket. */
export class S3NoticeFiles implements AffectedLists, NoticeReports {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  bytes({ bucketKey: key, versionId }: Parameters<AffectedLists['bytes']>[0]): AsyncIterable<Uint8Array> {
    return readObject(this.#client, { bucket: this.#bucket, key, versionId });
  }

  async write(incidentId: string, name: 'letters.csv' | 'attention.csv', text: string): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: `incidents/${incidentId}/${name}`,
        Body: text,
        ContentType: 'text/csv',
      }),
    );
  }
}
