import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { S3Error } from './errors.ts';
import { PartRecord, UploadRecord } from './records.ts';
import { type Bucket, readRecord, type Store } from './store.ts';

/** A multipart upload under way: a folder with its record and the parts that have arrived whole. */
export type Upload = { readonly folder: string; readonly record: UploadRecord };

export function beginUpload(store: Store, bucket: Bucket, record: UploadRecord): void {
  const folder = join(bucket.folder, 'uploads', record.uploadId);
  mkdirSync(folder);
  store.writeRecord(join(folder, 'upload.json'), record);
}

/** Throws NoSuchUpload where there is none of this id for this key. */
export function findUpload(bucket: Bucket, key: string, uploadId: string): Upload {
  // ids are made here; what does not look like one must not come near a path
  const folder = /^[0-9a-f]{32}$/.test(uploadId) ? join(bucket.folder, 'uploads', uploadId) : undefined;
  if (folder === undefined || !existsSync(join(folder, 'upload.json'))) throw noSuchUpload();
  const record = readRecord(join(folder, 'upload.json'), UploadRecord);
  if (record.key !== key) throw noSuchUpload();
  return { folder, record };
}

/** Keeps a part, in the place of an earlier one of the same number. */
export function keepPart(
  store: Store,
  upload: Upload,
  arrived: { part: Omit<PartRecord, 'file'>; path: string },
): void {
  // the upload may have ended while the part was on its way
  if (!existsSync(upload.folder)) throw noSuchUpload();
  const { part, path } = arrived;
  const record = join(upload.folder, `${part.number}.part.json`);
  const replaced = existsSync(record) ? readRecord(record, PartRecord) : undefined;
  const file = `${randomUUID()}.body`;
  renameSync(path, join(upload.folder, file));
  store.writeRecord(record, { ...part, file });
  if (replaced) rmSync(join(upload.folder, replaced.file), { force: true });
}

/** The parts that have arrived, by number. */
export function readParts(upload: Upload): readonly PartRecord[] {
  return readdirSync(upload.folder)
    .filter((name) => name.endsWith('.part.json'))
    .map((name) => readRecord(join(upload.folder, name), PartRecord))
    .toSorted((a, b) => a.number - b.number);
}

export function partPath(upload: Upload, part: PartRecord): string {
  return join(upload.folder, part.file);
}

/** Runs `commit` if the upload has not ended meanwhile, and ends it. Of two completions, one finds it gone. */
export function endUpload<T>(store: Store, upload: Upload, commit: () => T): T {
  if (!existsSync(upload.folder)) throw noSuchUpload();
  const result = commit();
  const doomed = store.temporaryPath();
  renameSync(upload.folder, doomed);
  // what is left after a failure lies in the temporary folder, which the next start empties
  rm(doomed, { recursive: true, force: true }).catch(() => undefined);
  return result;
}

function noSuchUpload(): S3Error {
  return new S3Error(
    'NoSuchUpload',
    'The specified multipart upload does not exist. The upload ID may be invalid, or it may have been aborted or completed.',
  );
}
