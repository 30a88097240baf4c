import * as z from 'zod';
import { EpochMs, Sha256Hex } from '../vocabulary.ts';

const AreaCode = z.string().regex(/^\d{3}$/);
export const RegistryName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected kebab-case');

/** What is known of the registry version in use: enough to show the safe harbour of 47 CFR 64.1200(c)(2)(i)(D). */
export const RegistryVersion = z.object({
  registry: RegistryName,
  /** The registry's own date of this version, midnight UTC; where area codes came apart, the oldest of theirs. */
  versionAt: EpochMs,
  /** When the operator obtained it. */
  accessedAt: EpochMs,
  /** Subscription account number, where the registry has one. */
  subscriptionId: z.string().optional(),
  areaCodes: z.union([z.literal('ALL'), z.array(AreaCode)]),
  /** Area codes whose list is of another date. */
  areaVersions: z.record(AreaCode, EpochMs).optional(),
  numbers: z.number().int().nonnegative(),
  snapshotKey: z.string(),
  snapshotSha256: Sha256Hex,
  /** Of the files that it was made of, so that the same ones are known when they come again. */
  importId: z.string().optional(),
});
export type RegistryVersion = z.infer<typeof RegistryVersion>;

export type VersionDates = Pick<RegistryVersion, 'versionAt' | 'areaVersions'>;

/** The registry's own date of the list that a number stands on, or does not. */
export function versionAtFor({ versionAt, areaVersions }: VersionDates, e164: string): number {
  if (areaVersions === undefined || !e164.startsWith('+1')) return versionAt;
  return areaVersions[e164.slice(2, 5)] ?? versionAt;
}

/** The latest date of any of a version's lists. */
export function newestDate({ versionAt, areaVersions = {} }: VersionDates): number {
  return Math.max(versionAt, ...Object.values(areaVersions));
}
