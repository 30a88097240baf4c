import * as z from 'zod';
import { Checksum, ChecksumAlgorithm } from './checksums.ts';

export const RetentionMode = z.enum(['GOVERNANCE', 'COMPLIANCE']);
export type RetentionMode = z.infer<typeof RetentionMode>;

/** Retention of one object version; `until` in epoch milliseconds. */
export const Retention = z.object({ mode: RetentionMode, until: z.number() });
export type Retention = z.infer<typeof Retention>;

/** A bucket's default retention: days or years, never both. */
export const DefaultRetention = z.object({
  mode: RetentionMode,
  unit: z.enum(['Days', 'Years']),
  count: z.int().positive(),
});
export type DefaultRetention = z.infer<typeof DefaultRetention>;

/** bucket.json: all that S3 knows of a bucket. `policy` is the document as it was given. */
export const BucketRecord = z.object({
  name: z.string(),
  createdAt: z.number(),
  versioning: z.enum(['Off', 'Enabled', 'Suspended']),
  objectLock: z.boolean(),
  defaultRetention: DefaultRetention.optional(),
  policy: z.unknown().optional(),
});
export type BucketRecord = z.infer<typeof BucketRecord>;

const fileName = z.string().regex(/^[0-9a-f-]{36}\.body$/);

/** What an object says of itself beside its bytes, as the uploader gave it. */
export const ObjectDescription = z.object({
  /** content-type and the other standard headers that S3 stores and returns. */
  headers: z.record(z.string(), z.string()),
  /** x-amz-meta-*, by name without the prefix. */
  metadata: z.record(z.string(), z.string()),
  retention: Retention.optional(),
  legalHold: z.boolean().optional(),
});
export type ObjectDescription = z.infer<typeof ObjectDescription>;

/** <versionId>.json: one version of an object, or a delete marker, which has no file. */
export const VersionRecord = ObjectDescription.extend({
  key: z.string(),
  versionId: z.string().regex(/^([0-9a-f]{32}|null)$/),
  /** Grows with each write in this store: orders the versions of a key and is the event's sequencer. */
  sequence: z.int(),
  deleteMarker: z.boolean(),
  lastModified: z.number(),
  size: z.int(),
  eTag: z.string(),
  file: fileName.optional(),
  checksum: Checksum.optional(),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

/** upload.json: a multipart upload under way. Retention and hold are kept as asked, and applied on completion. */
export const UploadRecord = ObjectDescription.extend({
  uploadId: z.string().regex(/^[0-9a-f]{32}$/),
  key: z.string(),
  initiatedAt: z.number(),
  checksumAlgorithm: ChecksumAlgorithm.optional(),
  checksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']),
});
export type UploadRecord = z.infer<typeof UploadRecord>;

/** <number>.part.json: one part that has arrived whole. */
export const PartRecord = z.object({
  number: z.int().min(1).max(10_000),
  size: z.int(),
  eTag: z.string(),
  lastModified: z.number(),
  file: fileName,
  checksum: Checksum.optional(),
});
export type PartRecord = z.infer<typeof PartRecord>;
