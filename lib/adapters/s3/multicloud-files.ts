import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { archiveName, executionLogName } from '../../domain/multicloud/file-name.ts';
import type { MulticloudFiles } from '../../domain/subject-request/multicloud-step.ts';
import { isMissing, isTaken, readText } from './object.ts';

/** What goes to the platform's SFTP folder GDPR_Submit, and what came back in its GDPR_Result. */
export const OUTGOING = 'multicloud/GDPR_Submit/';
export const RETURNED = 'multicloud/GDPR_Result/';

/** Files for Genesys Multicloud CX, and its answers, in one bucket; an SFTP client of the operator carries them. */
export class S3MulticloudFiles implements MulticloudFiles {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  async submit(name: string, text: string): Promise<void> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: `${OUTGOING}${name}`,
          Body: text,
          ContentType: 'application/json',
          IfNoneMatch: '*',
        }),
      );
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }

  async logs(name: string): Promise<readonly string[]> {
    const prefix = `${RETURNED}${executionLogName(name).replace(/\.json$/, '')}`;
    const texts: string[] = [];
    const pages = paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) {
      for (const { Key = '' } of Contents)
        texts.push((await readText(this.#client, this.#bucket, Key)) ?? '');
    }
    return texts;
  }

  async archive(name: string): Promise<Uint8Array | undefined> {
    try {
      const Key = `${RETURNED}${archiveName(name)}`;
      const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    const stem = name.replace(/\.json$/, '');
    for (const prefix of [`${OUTGOING}${stem}`, `${RETURNED}${stem}`]) await this.#removeAll(prefix);
  }

  /** A file has a handful of versions, its logs too: far fewer than a page of a thousand. */
  async #removeAll(Prefix: string): Promise<void> {
    const Bucket = this.#bucket;
    const { Versions = [], DeleteMarkers = [] } = await this.#client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix }),
    );
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
      await this.#client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
    }
  }
}
