import { createHash } from 'node:crypto';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ComplianceError } from '../../domain/errors.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { readAffected } from '../../domain/notice/affected-list.ts';
import { isMissing } from './object.ts';

type Affected = NonNullable<Incident['affected']>;

/** Where an incident's list of who is to be told lies. */
export function affectedKey(incidentId: string): string {
  return `incidents/${incidentId}/affected.csv`;
}

/** Lists of affected people in the privacy bucket. */
export class S3AffectedLists {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * What is released is one version with one hash. The list is read twice: once for its hash, once as it will be used.
   *
   * @throws ComplianceError LIST_MISSING, LIST_REFUSED, LIST_EMPTY.
   */
  async measured(incidentId: string, versionId?: string): Promise<Affected> {
    const bucketKey = affectedKey(incidentId);
    const first = await this.#open(bucketKey, versionId);
    const hash = createHash('sha256');
    for await (const chunk of first.body) hash.update(chunk);
    const sha256 = hash.digest('hex');
    const { body } = await this.#open(bucketKey, first.versionId);
    let rows = 0;
    for await (const page of readAffected(body, sha256)) rows += page.length;
    if (rows === 0) throw refusal('LIST_EMPTY', 'expected a list of at least one person, got one of none');
    return { bucketKey, versionId: first.versionId, sha256, rows };
  }

  async #open(Key: string, VersionId: string | undefined) {
    const missing = refusal('LIST_MISSING', 'expected the list in the privacy bucket, found none');
    try {
      const command = new GetObjectCommand({ Bucket: this.#bucket, Key, VersionId });
      const { Body, VersionId: versionId } = await this.#client.send(command);
      if (Body === undefined || versionId === undefined) throw missing;
      return { versionId, body: chunksOf(Body.transformToWebStream()) };
    } catch (error) {
      throw isMissing(error) ? missing : error;
    }
  }
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk;
}

function refusal(code: string, message: string): ComplianceError {
  return new ComplianceError({ code, message: `${message}; nothing was changed` });
}
