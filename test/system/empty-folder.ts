import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import type { RunningStack } from './running-stack.ts';

/** Deletes every version of every object under a prefix, as a bucket's lifecycle does in time. */
export async function emptyFolder(
  { connection }: Pick<RunningStack, 'connection'>,
  Bucket: string,
  Prefix: string,
): Promise<void> {
  const s3 = new S3Client(connection.aws);
  const { Versions = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  for (const { Key, VersionId } of Versions)
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  if (IsTruncated === true) await emptyFolder({ connection }, Bucket, Prefix);
}
