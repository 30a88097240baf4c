import {
  GetObjectCommand,
  HeadObjectCommand,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { SubmissionResults } from '../../domain/multicloud/ports.ts';
import { isMissing, isTaken } from './object.ts';

const RESULTS = 'GDPR_Result/';
/** Some hundred thousand devices; more than that is no list of people who asked. */
const LARGEST_FILE = 20_000_000;

/** The results of submitted files in the outbox. */
export class S3SubmissionResults implements SubmissionResults {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async has(name: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: `${RESULTS}${name}` }));
      return true;
    } catch (error) {
      if (error instanceof NotFound || isMissing(error)) return false;
      throw error;
    }
  }

  async put(name: string, content: string | Uint8Array): Promise<void> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: `${RESULTS}${name}`,
          Body: content,
          ContentType: name.endsWith('.zip') ? 'application/zip' : 'application/json',
          IfNoneMatch: '*',
        }),
      );
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
}

/** The text of a submitted file; undefined if it is gone or too large to be one. */
export async function readSubmittedFile(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined },
): Promise<string | undefined> {
  const { bucket: Bucket, key: Key, versionId: VersionId } = object;
  try {
    const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return ContentLength > LARGEST_FILE ? undefined : await Body?.transformToString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
