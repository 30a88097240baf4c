import { createHash } from 'node:crypto';
import { PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

export type NewObject = {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly contentType: string;
};

/**
 * Writes an object unless its key is taken. The check and the write are one step of S3, so of any number of writers
 * exactly one succeeds. EXISTS may also be said of our own write, whose answer was lost and which the SDK repeated.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export async function writeOnce(
  client: S3Client,
  { bucket, key, body, contentType }: NewObject,
): Promise<'WRITTEN' | 'EXISTS'> {
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: contentType,
        IfNoneMatch: '*',
        // S3 refuses an object under a lock without a checksum, and keeps this one with it.
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
      }),
    );
    return 'WRITTEN';
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return 'EXISTS';
    throw error;
  }
}
