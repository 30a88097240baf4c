import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { ComplianceError } from '../../domain/errors.ts';
import { openBytes, sealUnder } from '../secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from '../secrets-manager/secrets.ts';
import { isMissing } from './object.ts';

export type SubjectResultsDeps = {
  readonly client: S3Client;
  readonly bucket: string;
  readonly kek: () => Promise<KeyEncryptionKey>;
  /** The wrapped key of a request; undefined once it was destroyed. */
  readonly dataKeyOf: (requestId: string) => Promise<Uint8Array | undefined>;
};

const PREFIX = 'subject-requests/';

/** What was found for a request: ciphertext under its key, gone for everybody when that key is destroyed. */
export class S3SubjectResults {
  readonly #deps: SubjectResultsDeps;

  constructor(deps: SubjectResultsDeps) {
    this.#deps = deps;
  }

  /**
   * Keeps a file; one of the same name is replaced.
   *
   * @throws ComplianceError REQUEST_DESTROYED.
   */
  async put({ requestId, name }: ResultName, content: Uint8Array): Promise<void> {
    const wrappedKey = await this.#deps.dataKeyOf(requestId);
    if (wrappedKey === undefined) throw destroyed();
    const context = contextOf({ requestId, name });
    await this.#deps.client.send(
      new PutObjectCommand({
        Bucket: this.#deps.bucket,
        Key: keyOf({ requestId, name }),
        Body: sealUnder(await this.#deps.kek(), { wrappedKey, context }, content),
        ContentType: 'application/octet-stream',
      }),
    );
  }

  async names(requestId: string): Promise<readonly string[]> {
    const prefix = keyOf({ requestId, name: '' });
    const names: string[] = [];
    const pages = paginateListObjectsV2(
      { client: this.#deps.client },
      { Bucket: this.#deps.bucket, Prefix: prefix },
    );
    for await (const { Contents = [] } of pages) {
      names.push(...Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key.slice(prefix.length)])));
    }
    return names.toSorted();
  }

  /**
   * A file in clear; undefined if there is none.
   *
   * @throws ComplianceError REQUEST_DESTROYED.
   */
  async get({ requestId, name }: ResultName): Promise<Uint8Array | undefined> {
    const wrappedKey = await this.#deps.dataKeyOf(requestId);
    if (wrappedKey === undefined) throw destroyed();
    const ciphertext = await this.#read(keyOf({ requestId, name }));
    if (ciphertext === undefined) return undefined;
    return openBytes(await this.#deps.kek(), contextOf({ requestId, name }), { ciphertext, wrappedKey });
  }

  async #read(Key: string): Promise<Uint8Array | undefined> {
    try {
      const { Body } = await this.#deps.client.send(new GetObjectCommand({ Bucket: this.#deps.bucket, Key }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }
}

/** A request's id and the name of a file of ours, neither of which says who it is about. */
export type ResultName = { readonly requestId: string; readonly name: string };

function keyOf({ requestId, name }: ResultName): string {
  return `${PREFIX}${requestId}/${name}`;
}

function contextOf({ requestId, name }: ResultName): string {
  return `subject-request ${requestId} ${name}`;
}

function destroyed(): ComplianceError {
  return new ComplianceError({
    code: 'REQUEST_DESTROYED',
    message:
      'expected a request with a data key, got one whose key was destroyed; its results cannot be read',
  });
}
