import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { ComplianceError } from '../../domain/errors.ts';
import type { LoggedObject } from '../../domain/evidence/collect.ts';
import type { EvidenceLog } from '../../domain/evidence/pack.ts';
import { CHECKPOINT_KEY, VERIFIER_KEY_KEY } from '../../domain/log/checkpoint.ts';
import { ENTRIES_PREFIX, readLogObjectKey } from '../../domain/log/object-key.ts';
import { policyKey } from '../../domain/policy/archive.ts';
import { openCheckpoint } from '../../domain/verify/checkpoint.ts';
import { readVerifierKey } from '../../domain/verify/note.ts';
import { S3LogObjects } from './log-objects.ts';
import { isMissing, readText } from './object.ts';

/** Told how many of the log's objects were read, of how many. */
export type OnObject = (read: number, of: number) => void;

type Listed = { readonly key: string; readonly first: number; readonly loggedAt: number };

const READ_AHEAD = 8;

/**
 * The log in the audit bucket, as its newest checkpoint covers it.
 *
 * @throws ComplianceError LOG_UNSIGNED if there is no checkpoint yet, or none that the log's own key has signed.
 */
export async function openEvidenceLog(
  client: S3Client,
  bucket: string,
  onObject: OnObject = () => undefined,
): Promise<EvidenceLog> {
  const [note, keyText] = await Promise.all(
    [CHECKPOINT_KEY, VERIFIER_KEY_KEY].map((key) => readText(client, bucket, key)),
  );
  const vkey = keyText?.trimEnd();
  const key = vkey === undefined ? undefined : readVerifierKey(vkey);
  const opened = note === undefined || key === undefined ? undefined : openCheckpoint(Buffer.from(note), key);
  if (note === undefined || vkey === undefined || opened?.state !== 'SIGNED') {
    throw new ComplianceError({
      code: 'LOG_UNSIGNED',
      message: 'expected a checkpoint that the log has signed, found none; a new log has one within a minute',
    });
  }
  return {
    ...{ note, vkey, size: opened.checkpoint.size },
    objects: () => objectsIn(client, bucket, onObject),
    tile: (name) => readBytes(client, bucket, name),
    policy: (hash) => readText(client, bucket, policyKey(hash)),
  };
}

async function* objectsIn(
  client: S3Client,
  bucket: string,
  onObject: OnObject,
): AsyncGenerator<LoggedObject, undefined> {
  const log = new S3LogObjects(client, bucket);
  const listed = await list(client, bucket);
  const begin = ({ key }: Listed) => {
    const reading = log.read(key);
    // A failure is thrown where the object's turn comes; if it never does, nobody waits for it.
    reading.catch(() => undefined);
    return reading;
  };
  const ahead = listed.slice(0, READ_AHEAD).map(begin);
  for (const [position, { loggedAt }] of listed.entries()) {
    const object = await ahead.shift();
    ahead.push(...listed.slice(position + READ_AHEAD, position + READ_AHEAD + 1).map(begin));
    onObject(position + 1, listed.length);
    if (object !== undefined) yield { loggedAt, lines: object.text.split('\n').slice(0, -1) };
  }
  return undefined;
}

async function list(client: S3Client, Bucket: string): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client },
    { Bucket, Prefix: ENTRIES_PREFIX },
  )) {
    for (const { Key: key = '', LastModified } of Contents) {
      const name = readLogObjectKey(key);
      if (name !== undefined && LastModified !== undefined) {
        found.push({ key, first: name.first, loggedAt: LastModified.getTime() });
      }
    }
  }
  return found.toSorted((a, b) => a.first - b.first);
}

async function readBytes(client: S3Client, Bucket: string, Key: string): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToByteArray();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
