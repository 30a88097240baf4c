import * as z from 'zod';
import { sha256Hex } from '../canonical-json.ts';
import { RegistryVersion } from '../registry/version.ts';
import { EpochMs, Sha256Hex } from '../vocabulary.ts';

/** What is fixed when an attempt at a scrub begins, so that beginning it again ends in the same bytes. */
export const ScrubPins = z.object({
  /** Hash of policy, profile, residency and pepper version. */
  basis: Sha256Hex,
  watermark: EpochMs,
  /** Id of the entry that will record the scrub. */
  entryId: z.uuid(),
  registries: z.array(RegistryVersion),
});
export type ScrubPins = z.infer<typeof ScrubPins>;

export const ScrubJob = z.object({
  jobId: z.string(),
  /** Who holds the job; every change of it is conditional on this. */
  runId: z.string(),
  attempt: z.number().int().positive(),
  pins: ScrubPins,
  /** Of the evidence that this attempt published, or is about to. */
  evidenceSha256: Sha256Hex.optional(),
});
export type ScrubJob = z.infer<typeof ScrubJob>;

/** Durable record of the scrub of one version of one object. One run at a time holds a job. */
export interface ScrubJobs {
  /**
   * Takes the job, with the pins of an attempt that was begun before, or with fresh ones.
   *
   * @throws ComplianceError JOB_RUNNING while another run holds it.
   */
  claim(jobId: string, fresh: ScrubPins, now: number): Promise<ScrubJob>;
  /** Begins another attempt, because the world changed since the last one was begun. */
  supersede(job: ScrubJob, fresh: ScrubPins): Promise<ScrubJob>;
  /** Fixes what evidence this attempt publishes; `DIFFERENT` if other evidence was fixed before. */
  pinEvidence(job: ScrubJob, sha256: string): Promise<'PINNED' | 'DIFFERENT'>;
  /** Lets go of the job, so that a retry need not wait. */
  release(job: ScrubJob): Promise<void>;
}

/** The name of a scrub: the same for every delivery of the same version of an object. */
export function jobIdOf({
  bucket,
  key,
  versionId,
}: {
  bucket: string;
  key: string;
  versionId: string;
}): string {
  return sha256Hex(JSON.stringify([bucket, key, versionId])).slice(0, 40);
}

/** Where the evidence of an attempt lies. Locked objects are never overwritten, so another attempt has another key. */
export function evidenceKey({ jobId, attempt }: Pick<ScrubJob, 'jobId' | 'attempt'>): string {
  return attempt === 1 ? `evidence/${jobId}.ndjson.gz` : `evidence/${jobId}.${attempt}.ndjson.gz`;
}
