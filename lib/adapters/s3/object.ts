import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';

/** Whether S3 says that there is no such object, or no such version of it. */
export function isMissing(error: unknown): boolean {
  return (
    error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NoSuchVersion')
  );
}

/** Whether a write with If-None-Match found an object in its place. */
export function isTaken(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 412;
}

/** A small text; undefined if there is no such object. */
export async function readText(client: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export type TextObject = { readonly Bucket: string; readonly Key: string; readonly Body: string };

/** Writes a text as JSON unless, with `once`, an object is there already. */
export async function writeJson(
  client: S3Client,
  object: TextObject,
  { once = false }: { readonly once?: boolean } = {},
): Promise<'WRITTEN' | 'EXISTS'> {
  try {
    const condition = once ? { IfNoneMatch: '*' } : {};
    await client.send(new PutObjectCommand({ ...object, ...condition, ContentType: 'application/json' }));
    return 'WRITTEN';
  } catch (error) {
    if (isTaken(error)) return 'EXISTS';
    throw error;
  }
}
