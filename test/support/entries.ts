import { canonicalJson, sha256Hex } from '../../lib/domain/canonical-json.ts';
import { DecisionEntry, type Entry, FactEntry } from '../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { NOON, suppression } from './facts.ts';

/** A token of the right form that belongs to nobody. */
export function token(n: number): string {
  return `p1.${Buffer.from(sha256Hex(`nobody ${n}`), 'hex').toString('base64url')}`;
}

/** A UUIDv7 of the moment `at` (epoch milliseconds) with `n` in place of chance. */
export function uuid(n: number, at = NOON): string {
  const time = at.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The exact line, without its line feed, whose RFC 6962 leaf hash the log commits to. */
export function entryLine(index: number, entry: Entry | Readonly<Record<string, unknown>>): string {
  return canonicalJson({ index, ...entry });
}

type Given<E> = { readonly n: number; readonly at?: number } & Omit<Partial<E>, 'at' | 'kind'>;

/** The entry of an opt-out. */
export function factEntry({ n, at = NOON, ...given }: Given<FactEntry>): FactEntry {
  return FactEntry.parse({
    kind: 'fact',
    id: uuid(n, at),
    at: new Date(at).toISOString(),
    subjects: [token(n)],
    fact: suppression({ eventId: `event-${n}`, effectiveAt: at, receivedAt: at }),
    ...given,
  });
}

/** The entry of a BLOCK for a suppression that nothing in its facts explains, unless facts are given. */
export function decisionEntry({ n, at = NOON, ...given }: Given<DecisionEntry>): DecisionEntry {
  const subject = given.subjects?.[0] ?? token(n);
  const reasons = [{ code: 'SUPPRESSED', ruleId: 'company-do-not-contact' }];
  return DecisionEntry.parse({
    kind: 'decision',
    id: uuid(n, at),
    decisionId: uuid(n, at),
    at: new Date(at).toISOString(),
    subjects: [subject],
    client: 'dialler-1',
    effect: 'BLOCK',
    reasons,
    contact: {
      channel: 'VOICE',
      purpose: 'MARKETING',
      seller: 'acme',
      technology: 'LIVE',
      campaignId: 'spring',
    },
    policy: { name: DEFAULT_POLICY.name, hash: DEFAULT_POLICY.hash },
    facts: [
      {
        token: subject,
        country: 'US',
        regions: ['US-NY'],
        areaCode: '212',
        timeZones: ['America/New_York'],
        registries: [{ registry: 'us-national', listed: false, versionAt: at, areaCodes: 'ALL' }],
        state: EMPTY_STATE,
        effect: 'BLOCK',
        reasons,
      },
    ],
    ...given,
  });
}
