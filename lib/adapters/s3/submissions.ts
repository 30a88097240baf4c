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

/** The results of submitted files. */
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

export type SubmittedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'GONE' | 'TOO_LARGE' };

/** The text of a submitted file, or why there is none. */
export async function readSubmittedFile(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined },
): Promise<SubmittedText> {
  const version = { Bucket: object.bucket, Key: object.key, VersionId: object.versionId };
  try {
    const { ContentLength = 0 } = await client.send(new HeadObjectCommand(version));
    if (ContentLength > LARGEST_FILE) return { kind: 'TOO_LARGE' };
    const { Body } = await client.send(new GetObjectCommand(version));
    return { kind: 'text', text: (await Body?.transformToString()) ?? '' };
  } catch (error) {
    if (error instanceof NotFound || isMissing(error)) return { kind: 'GONE' };
    throw error;
  }
}
