import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { FileRejected } from '../../domain/scrub/defect.ts';
import type { OutputFile, ScrubEvidence, ScrubOutbox } from '../../domain/scrub/outputs.ts';
import { GzipFile } from './gzip-file.ts';
import { isMissing, readText, writeJson } from './object.ts';
import { S3OutputFile } from './upload.ts';

const MANIFEST = 'manifest.json';

/** The results of one scrub under a key prefix that ends with a slash. */
export function s3Outbox(client: S3Client, bucket: string, prefix: string): ScrubOutbox {
  return {
    manifest: () => readText(client, bucket, `${prefix}${MANIFEST}`),
    open: (name) =>
      new S3OutputFile(client, { Bucket: bucket, Key: `${prefix}${name}`, ContentType: 'text/csv' }),
    put: async (name, text) => {
      await writeJson(client, { Bucket: bucket, Key: `${prefix}${name}`, Body: text });
    },
    putManifest: (text) =>
      writeJson(client, { Bucket: bucket, Key: `${prefix}${MANIFEST}`, Body: text }, { once: true }),
  };
}

/** Evidence in the audit bucket: compressed, and never overwritten. */
export function s3Evidence(client: S3Client, bucket: string): ScrubEvidence {
  return {
    open: (key): OutputFile =>
      new GzipFile(
        new S3OutputFile(client, {
          Bucket: bucket,
          Key: key,
          ContentType: 'application/gzip',
          IfNoneMatch: '*',
        }),
      ),
  };
}

export type ObjectVersion = {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
};

/**
 * The bytes of one version of an object.
 *
 * @throws FileRejected INPUT_MISSING if it is gone.
 */
export async function* readObject(
  client: S3Client,
  { bucket, key, versionId }: ObjectVersion,
): AsyncGenerator<Uint8Array> {
  const version = versionId === undefined ? {} : { VersionId: versionId };
  const { Body } = await client
    .send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version }))
    .catch((error: unknown) => {
      if (isMissing(error)) throw new FileRejected('INPUT_MISSING');
      throw error;
    });
  if (Body !== undefined) yield* Body.transformToWebStream();
}
