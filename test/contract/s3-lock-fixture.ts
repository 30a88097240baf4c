// Objects under Object Lock, in the bucket of the test.
import {
  DeleteObjectCommand,
  type ObjectLockRetentionMode,
  PutObjectCommand,
  PutObjectRetentionCommand,
} from '@aws-sdk/client-s3';
import { DAY_MS } from './local-s3.ts';
import { Bucket, client, s3 } from './s3-fixture.ts';

export const inDays = (days: number): Date => new Date(s3.now() + days * DAY_MS);

/** Puts a version that is retained from its beginning; returns its id. */
export async function putLocked(Key: string, mode: ObjectLockRetentionMode, days = 10): Promise<string> {
  const { VersionId } = await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: 'x',
      ObjectLockMode: mode,
      ObjectLockRetainUntilDate: inDays(days),
    }),
  );
  if (VersionId === undefined) throw new Error('no version id');
  return VersionId;
}

export const deleteVersion = (Key: string, VersionId: string, bypass?: boolean) =>
  client.send(
    new DeleteObjectCommand({ Bucket, Key, VersionId, ...(bypass && { BypassGovernanceRetention: true }) }),
  );

export const retain = (Key: string, Mode: ObjectLockRetentionMode, days: number, bypass?: boolean) =>
  client.send(
    new PutObjectRetentionCommand({
      Bucket,
      Key,
      Retention: { Mode, RetainUntilDate: inDays(days) },
      ...(bypass && { BypassGovernanceRetention: true }),
    }),
  );
