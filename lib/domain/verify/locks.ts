import type { Finding } from './findings.ts';
import type { DefaultLock, Lock } from './log-source.ts';

const DAY_MS = 86_400_000;
/** S3 tells when a version was written in whole seconds, and may take that time a little after the lock's. */
const TOLERANCE_MS = 60_000;

/** One version's lock as it was found. */
export type FoundLock = {
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly lastModified: number;
  readonly lock: Lock | null;
};

/** What is wrong with a version's lock: longer or stricter than expected is right; undefined if nothing is wrong. */
export function lockFinding(found: FoundLock, expected: DefaultLock): Finding | undefined {
  const { key, versionId, lastModified, lock } = found;
  const where = { key, ...(versionId === undefined ? {} : { versionId }) };
  if (lock === null) return { code: 'LOCK_MISSING', ...where };
  if (expected.mode === 'COMPLIANCE' && lock.mode !== 'COMPLIANCE') {
    return { code: 'LOCK_WEAKER', ...where, detail: `expected COMPLIANCE, got ${lock.mode}` };
  }
  const until = lastModified + expected.days * DAY_MS;
  if (lock.until >= until - TOLERANCE_MS) return undefined;
  const detail = `expected until ${iso(until)}, got ${iso(lock.until)}`;
  return { code: 'RETENTION_SHORT', ...where, detail };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
