import { HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { documentText, keptPolicy, type PolicyArchive, policyKey } from '../../domain/policy/archive.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { readText } from './object.ts';
import { writeOnce } from './write-once.ts';

/** Policy documents in the audit bucket, locked by its default retention. */
export class S3Policies implements PolicyArchive {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #found = new Map<string, Promise<Policy | undefined>>();

  /** @param atHand - policies that need no reading: their hash is their content. */
  constructor(client: S3Client, bucket: string, atHand: readonly Policy[] = []) {
    this.#client = client;
    this.#bucket = bucket;
    for (const policy of atHand) this.#found.set(policy.hash, Promise.resolve(policy));
  }

  async keep(policy: Policy): Promise<void> {
    await writeOnce(this.#client, {
      bucket: this.#bucket,
      key: policyKey(policy.hash),
      body: Buffer.from(documentText(policy)),
      contentType: 'application/json',
    });
  }

  async has(hash: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket: this.#bucket, Key: policyKey(hash) }));
      return true;
    } catch (error) {
      if (isAbsent(error)) return false;
      throw error;
    }
  }

  find(hash: string): Promise<Policy | undefined> {
    const known = this.#found.get(hash);
    if (known !== undefined) return known;
    const finding = this.#read(hash);
    this.#found.set(hash, finding);
    return finding;
  }

  async #read(hash: string): Promise<Policy | undefined> {
    const text = await readText(this.#client, this.#bucket, policyKey(hash));
    return text === undefined ? undefined : keptPolicy(hash, text);
  }
}

/**
 * Without s3:ListBucket S3 says 403 of what is not there, so as not to say whether it is.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && [403, 404].includes(error.$metadata.httpStatusCode ?? 0);
}
