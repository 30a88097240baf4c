import { gunzipSync } from 'node:zlib';
import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { type Pepper, type Token, tokenOf } from '../../lib/domain/contact-point/token.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { ContactPoint, RegistryMembership } from '../../lib/domain/ports.ts';
import { SnapshotBuilder } from '../../lib/domain/registry/snapshot-builder.ts';
import { ScrubProfile } from '../../lib/domain/scrub/profile.ts';
import type { ByteSink } from '../../lib/domain/scrub/row-writer.ts';
import { type ScrubBasis, type ScrubResult, scrubFile } from '../../lib/domain/scrub/scrub-file.ts';
import type { SuppressionFact } from '../../lib/domain/state/facts.ts';
import { merge } from '../../lib/domain/state/merge.ts';
import { type ContactPointState, EMPTY_STATE } from '../../lib/domain/state/state.ts';

export const WATERMARK = Date.UTC(2026, 10, 22, 12);
export const PEPPER: Pepper = { version: 'p1', pepper: 'a pepper for tests that nobody uses elsewhere' };

/** National numbers of the sample people: nothing known; asked not to be contacted; on the national registry. */
export const CLEAN = '2125550100';
export const OPTED_OUT = '2125550111';
export const LISTED = '2125550122';

const VERSION_AT = Date.UTC(2026, 10, 20);

export function phoneToken(e164: string): Token {
  const phone = parsePhoneNumber(e164);
  if (phone.kind === 'unreadable') throw new Error('expected a number that can be read');
  return tokenOf(PEPPER, phone);
}

export function emailToken(address: string): Token {
  const email = parseEmailAddress(address);
  if (email.kind === 'unreadable') throw new Error('expected an address that can be read');
  return tokenOf(PEPPER, email);
}

export function suppression(channel: SuppressionFact['channel'] = 'ALL'): SuppressionFact {
  return {
    kind: 'suppression',
    channel,
    reason: 'CUSTOMER_REQUEST',
    seller: '*',
    source: 'WEBSITE_FORM',
    by: 'test',
    eventId: 'evt-1',
    effectiveAt: WATERMARK - 60_000,
    receivedAt: WATERMARK - 60_000,
  };
}

/** Contact points of which the named ones asked not to be contacted; counts what it is asked. */
export function contactPointsWith(suppressed: ReadonlyMap<Token, ContactPointState>) {
  const reads: number[] = [];
  return {
    reads,
    read: async (tokens: readonly Token[]): Promise<readonly ContactPoint[]> => {
      reads.push(tokens.length);
      return tokens.map((token) => ({
        token,
        version: 0,
        state: suppressed.get(token) ?? EMPTY_STATE,
        pendingCount: 0,
        pendingBytes: 0,
        sealed: false,
        answers: {},
      }));
    },
  };
}

export function suppressing(...tokens: readonly Token[]): ReadonlyMap<Token, ContactPointState> {
  return new Map(tokens.map((token) => [token, merge(EMPTY_STATE, suppression())]));
}

/** Contact points of which `OPTED_OUT` and one address asked not to be contacted. */
export function somePeople() {
  return contactPointsWith(suppressing(phoneToken(`+1${OPTED_OUT}`), emailToken('out@example.com')));
}

export function registryWith(...e164s: readonly string[]): RegistryMembership {
  const builder = new SnapshotBuilder();
  for (const e164 of e164s) builder.add(Number(e164.slice(1)));
  const segments = builder.segments();
  return {
    version: {
      registry: 'us-national',
      versionAt: VERSION_AT,
      accessedAt: VERSION_AT,
      areaCodes: 'ALL',
      numbers: e164s.length,
      snapshotKey: 'registries/us-national/2026-11-20-000000000000.snapshot',
      snapshotSha256: '0'.repeat(64),
    },
    listed: async (asked) => asked.map((e164) => e164s.includes(e164)),
    segment: (group) => segments.segment(group),
  };
}

export function profileOf(over: Partial<Record<keyof ScrubProfile, unknown>> = {}): ScrubProfile {
  return ScrubProfile.parse({
    phoneColumns: ['Phone'],
    defaultRegion: 'US',
    channel: 'VOICE',
    purpose: 'MARKETING',
    technology: 'LIVE',
    ...over,
  });
}

export function basisOf(over: Partial<ScrubBasis> = {}): ScrubBasis {
  return {
    profile: profileOf(),
    policy: DEFAULT_POLICY,
    registries: [registryWith()],
    watermark: WATERMARK,
    residency: 'US',
    pepper: PEPPER,
    maxBytes: 10_000_000,
    ...over,
  };
}

export async function* inChunks(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...new Set([...cuts.filter((cut) => cut > 0 && cut < bytes.length), bytes.length])];
  let start = 0;
  for (const end of ends.toSorted((a, b) => a - b)) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

export type Scrubbed = {
  readonly result: ScrubResult;
  readonly approved: string;
  readonly rejected: string;
  readonly quarantined: string;
  readonly otherRegion: string;
  readonly evidence: string;
};

function collector(): ByteSink & { text(): string } {
  const parts: Uint8Array[] = [];
  return {
    write: async (bytes) => {
      parts.push(bytes.slice());
    },
    text: () => Buffer.concat(parts).toString('latin1'),
  };
}

/** Scrubs bytes in memory; what the sinks got, byte for byte, as latin1. */
export async function scrubbed(
  file: string | Uint8Array,
  options: {
    readonly basis?: Partial<ScrubBasis>;
    readonly cuts?: readonly number[];
    readonly contactPoints?: ReturnType<typeof contactPointsWith>;
  } = {},
): Promise<Scrubbed> {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const [APPROVED, REJECTED, QUARANTINED, OTHER_REGION, evidence] = [0, 1, 2, 3, 4].map(collector);
  if (!APPROVED || !REJECTED || !QUARANTINED || !OTHER_REGION || !evidence) throw new Error('unreachable');
  const result = await scrubFile(inChunks(bytes, options.cuts ?? []), basisOf(options.basis), {
    contactPoints: options.contactPoints ?? contactPointsWith(new Map()),
    sinks: { APPROVED, REJECTED, QUARANTINED, OTHER_REGION, evidence },
  });
  return {
    result,
    approved: APPROVED.text(),
    rejected: REJECTED.text(),
    quarantined: QUARANTINED.text(),
    otherRegion: OTHER_REGION.text(),
    evidence: evidence.text(),
  };
}

export function gunzipped(bytes: Uint8Array): string {
  return gunzipSync(bytes).toString('utf8');
}
