import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Entry } from '../../../../lib/domain/log/entry.ts';
import type { ConsentFact, SuppressionFact } from '../../../../lib/domain/state/facts.ts';
import { openQueryDatabase, type QueryDatabase, type Row } from '../../../support/query-database.ts';
import { LOG } from '../../../support/query-log.ts';

// What each query counts is counted here again, over the entries and without SQL.

let open: QueryDatabase;
beforeAll(async () => {
  open = await openQueryDatabase();
});
afterAll(() => open.close());

type Decision = Extract<Entry, { kind: 'decision' }> & { readonly day: string };

const decisions: readonly Decision[] = LOG.placed.flatMap(({ entry, dt }) =>
  entry.kind === 'decision' ? [{ ...entry, day: dt }] : [],
);
const facts = LOG.placed.flatMap(({ entry, dt }) => (entry.kind === 'fact' ? [{ ...entry, day: dt }] : []));
type Revocation = Pick<SuppressionFact | ConsentFact, 'kind' | 'channel' | 'seller' | 'source'> & {
  readonly day: string;
  readonly what: string;
  readonly token: string | undefined;
  readonly tookMs: number;
};
const revoked = facts.flatMap(({ fact, day, at, subjects }): Revocation[] => {
  if (fact.kind === 'suppression' && fact.reason !== 'PROVISIONAL') {
    return [
      { ...fact, day, what: fact.reason, token: subjects[0], tookMs: Date.parse(at) - fact.effectiveAt },
    ];
  }
  if (fact.kind === 'consent' && fact.status === 'WITHDRAWN') {
    return [{ ...fact, day, what: fact.status, token: subjects[0], tookMs: 0 }];
  }
  return [];
});

/** Groups items by some texts and reduces each group to its row, whatever the order. */
function grouped<T>(
  items: readonly T[],
  key: (item: T) => readonly unknown[],
  row: (group: readonly T[]) => Row,
) {
  return new Set(
    [...Map.groupBy(items, (item) => JSON.stringify(key(item))).values()].map((group) =>
      JSON.stringify(row(group)),
    ),
  );
}
const asSet = (rows: readonly Row[]) => new Set(rows.map((row) => JSON.stringify(row)));
const allowed = (group: readonly Decision[]) => group.filter(({ effect }) => effect === 'ALLOW').length;
const times = (group: readonly Decision[]) => group.map(({ at }) => at).sort();
const first = <T>(group: readonly T[]): T => {
  const [one] = group;
  if (one === undefined) throw new Error('An empty group.');
  return one;
};

describe('what is counted', () => {
  it('decisions-by-day', async () => {
    const expected = grouped(
      decisions,
      ({ day }) => [day],
      (group) => ({
        log_day: first(group).day,
        decisions: group.length,
        allowed: allowed(group),
        blocked: group.length - allowed(group),
      }),
    );
    const found = await open.saved('decisions-by-day');
    expect(asSet(found)).toEqual(expected);
    expect(found.map(({ log_day }) => log_day)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
  });

  it('blocked-by-reason-and-day', async () => {
    const dominant = ({ reasons: [reason] }: Decision) => ({
      reason: reason?.code ?? null,
      rule_id: reason?.ruleId ?? null,
    });
    const blocked = decisions.filter(({ effect }) => effect === 'BLOCK');
    const expected = grouped(
      blocked,
      (one) => [one.day, dominant(one)],
      (group) => ({ log_day: first(group).day, ...dominant(first(group)), decisions: group.length }),
    );
    const found = await open.saved('blocked-by-reason-and-day');
    expect(asSet(found)).toEqual(expected);
    expect(found.reduce((sum, row) => sum + Number(row['decisions']), 0)).toBe(blocked.length);
  });

  it('decisions-by-campaign', async () => {
    const expected = grouped(
      decisions,
      ({ contact }) => [contact.campaignId, contact.channel],
      (group) => ({
        campaign_id: first(group).contact.campaignId ?? null,
        channel: first(group).contact.channel ?? null,
        decisions: group.length,
        allowed: allowed(group),
        blocked: group.length - allowed(group),
        first_at: times(group)[0] ?? null,
        last_at: times(group).at(-1) ?? null,
      }),
    );
    expect(asSet(await open.saved('decisions-by-campaign'))).toEqual(expected);
  });

  it('rules-that-block', async () => {
    const reasons = decisions.flatMap((decision) =>
      decision.reasons.flatMap((reason, at) => (reason.ruleId === '' ? [] : [{ ...reason, at }])),
    );
    const expected = grouped(
      reasons,
      ({ ruleId, code }) => [ruleId, code],
      (group) => ({
        rule_id: first(group).ruleId,
        reason: first(group).code,
        decisions: group.length,
        as_dominant: group.filter(({ at }) => at === 0).length,
      }),
    );
    expect(asSet(await open.saved('rules-that-block'))).toEqual(expected);
  });

  it('decisions-by-policy', async () => {
    const expected = grouped(
      decisions,
      ({ policy }) => [policy.hash],
      (group) => ({
        policy_name: first(group).policy.name,
        policy_hash: first(group).policy.hash,
        first_at: times(group)[0] ?? null,
        last_at: times(group).at(-1) ?? null,
        decisions: group.length,
        allowed: allowed(group),
      }),
    );
    expect(expected.size).toBe(2);
    expect(asSet(await open.saved('decisions-by-policy'))).toEqual(expected);
  });

  it('most-contacted', async () => {
    const expected = grouped(
      decisions.filter(({ effect }) => effect === 'ALLOW'),
      ({ day, subjects, contact }) => [day, subjects[0], contact.channel],
      (group) => ({
        log_day: first(group).day,
        token: first(group).subjects[0] ?? null,
        channel: first(group).contact.channel ?? null,
        allowed: group.length,
        first_at: times(group)[0] ?? null,
        last_at: times(group).at(-1) ?? null,
      }),
    );
    const found = await open.saved('most-contacted');
    expect(asSet(found)).toEqual(expected);
    const counts = found.map((row) => Number(row['allowed']));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    expect(counts[0]).toBe(2);
  });

  it('opt-out-latency', async () => {
    const expected = grouped(
      revoked.filter(({ kind }) => kind === 'suppression'),
      ({ day, source }) => [day, source],
      (group) => {
        const took = group.map(({ tookMs }) => tookMs);
        return {
          log_day: first(group).day,
          source: first(group).source,
          opt_outs: group.length,
          mean_ms: Math.round(took.reduce((sum, ms) => sum + ms, 0) / took.length),
          longest_ms: Math.max(...took),
          over_60_s: took.filter((ms) => ms > 60_000).length,
        };
      },
    );
    expect(asSet(await open.saved('opt-out-latency'))).toEqual(expected);
  });

  it('revocations', async () => {
    const expected = grouped(
      revoked,
      ({ channel, seller, source, what }) => [channel, seller, source, what],
      (group) => ({
        channel: first(group).channel,
        seller: first(group).seller,
        source: first(group).source,
        revocation: first(group).what,
        revocations: group.length,
        contact_points: new Set(group.map(({ token }) => token)).size,
      }),
    );
    expect(asSet(await open.saved('revocations'))).toEqual(expected);
  });
});
