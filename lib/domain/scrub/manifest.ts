import * as z from 'zod';
import type { Pepper } from '../contact-point/token.ts';
import type { ScrubEntry } from '../log/entry.ts';
import { logSafeId } from '../log/log-safe-id.ts';
import type { Policy } from '../policy/policy.ts';
import { RegistryVersion } from '../registry/version.ts';
import { Sha256Hex } from '../vocabulary.ts';
import { FILE_DEFECTS, type FileRejection } from './defect.ts';
import type { ScrubPins } from './job.ts';
import type { ScrubProfile } from './profile.ts';
import type { ScrubCounts } from './row-writer.ts';

/** How long an approved list may be used without asking again: an opt-out after the watermark is not in it. */
const MAX_AGE_MS = 4 * 3_600_000;

/** The scrub whose approved list was scrubbed again. */
export const EarlierScrub = z.object({
  jobId: z.string(),
  /** Of its manifest, which so cannot be another one. */
  manifestSha256: Sha256Hex,
  watermark: z.iso.datetime(),
});
export type EarlierScrub = z.infer<typeof EarlierScrub>;

const OutputName = z.object({ name: z.string(), sizeBytes: z.number().int(), sha256: Sha256Hex });

/** The last thing a scrub writes. Whoever uploads an approved list begins here and checks the hashes. */
export const ScrubManifest = z.object({
  jobId: z.string(),
  profile: z.string(),
  outcome: z.enum(['SCRUBBED', 'REJECTED']),
  /** Only where an approved list was scrubbed again. */
  since: EarlierScrub.optional(),
  input: z.object({ name: z.string(), versionId: z.string().optional(), sha256: Sha256Hex.optional() }),
  watermark: z.iso.datetime(),
  /** Until then the approved list may be used; afterwards it must be scrubbed again. */
  useBefore: z.iso.datetime(),
  policyVersion: z.string(),
  policyHash: Sha256Hex,
  registries: z.array(RegistryVersion),
  entryId: z.uuid(),
  evidence: z
    .object({ key: z.string(), sha256: Sha256Hex, merkleRoot: Sha256Hex, rows: z.number().int() })
    .optional(),
  files: z.array(OutputName),
});
export type ScrubManifest = z.infer<typeof ScrubManifest>;

/** What a scrub was about, whatever came of it. */
export type ScrubSubject = {
  readonly jobId: string;
  readonly profileName: string;
  readonly profile: ScrubProfile | undefined;
  readonly since: EarlierScrub | undefined;
  readonly input: ScrubManifest['input'];
  readonly policy: Policy;
  readonly pins: ScrubPins;
};

/** What came of it. */
export type ScrubFinding =
  | {
      readonly outcome: 'SCRUBBED';
      readonly counts: ScrubCounts;
      readonly evidence: NonNullable<ScrubManifest['evidence']>;
    }
  | { readonly outcome: 'REJECTED'; readonly rejection: FileRejection };

export function manifestText(
  subject: ScrubSubject,
  finding: ScrubFinding,
  files: ScrubManifest['files'],
): string {
  const { jobId, profileName, since, input, policy, pins } = subject;
  const manifest: ScrubManifest = {
    jobId,
    profile: profileName,
    outcome: finding.outcome,
    ...(since === undefined ? {} : { since }),
    input,
    watermark: iso(pins.watermark),
    useBefore: iso(pins.watermark + MAX_AGE_MS),
    policyVersion: policy.name,
    policyHash: policy.hash,
    registries: pins.registries,
    entryId: pins.entryId,
    ...(finding.outcome === 'SCRUBBED' ? { evidence: finding.evidence } : {}),
    files,
  };
  return pretty(manifest);
}

/** What the list's owner reads: counts by reason, or why the file was refused. */
export function reportText(subject: ScrubSubject, finding: ScrubFinding): string {
  const { jobId, profileName, profile, input, policy, pins } = subject;
  return pretty({
    jobId,
    profile: profileName,
    outcome: finding.outcome,
    ...(finding.outcome === 'SCRUBBED'
      ? { counts: finding.counts }
      : { ...finding.rejection, message: FILE_DEFECTS[finding.rejection.cause] }),
    input,
    watermark: iso(pins.watermark),
    policyVersion: policy.name,
    registries: pins.registries.map(({ registry, versionAt, accessedAt, areaCodes, numbers }) => ({
      registry,
      versionDate: iso(versionAt).slice(0, 10),
      accessedAt: iso(accessedAt),
      areaCodes,
      numbers,
    })),
    ...(profile === undefined ? {} : { settings: profile }),
  });
}

/** The one entry of a scrub; its rows are proved by the evidence that it names. */
export function entryOf(subject: ScrubSubject, finding: ScrubFinding, pepper: Pepper): ScrubEntry {
  const { jobId, profileName, profile, input, policy, pins } = subject;
  const campaign = profile?.campaignId;
  return {
    kind: 'scrub',
    id: pins.entryId,
    at: iso(pins.watermark),
    subjects: [],
    jobId,
    profile: profileName,
    contact: {
      ...(profile === undefined ? {} : { channel: profile.channel, purpose: profile.purpose }),
      ...(profile?.seller === undefined ? {} : { seller: profile.seller }),
      ...(profile?.product === undefined ? {} : { product: profile.product }),
      ...(campaign === undefined ? {} : { campaignId: logSafeId(campaign, pepper) }),
    },
    ...(input.sha256 === undefined ? {} : { inputSha256: input.sha256 }),
    outcome: finding.outcome,
    ...(finding.outcome === 'REJECTED' ? { cause: finding.rejection.cause } : { evidence: finding.evidence }),
    counts: finding.outcome === 'SCRUBBED' ? flatCounts(finding.counts) : {},
    policy: { name: policy.name, hash: policy.hash },
    registries: pins.registries.map(({ registry, versionAt, areaCodes }) => ({
      registry,
      versionAt,
      areaCodes,
    })),
    watermark: iso(pins.watermark),
  };
}

function flatCounts({ reasons, ...counts }: ScrubCounts): Record<string, number> {
  const byReason = Object.entries(reasons).flatMap(([outcome, by]) =>
    Object.entries(by).map(([reason, rows]) => [`${outcome}.${reason}`, rows] as const),
  );
  return { ...counts, ...Object.fromEntries(byReason) };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
