import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../../lib/domain/canonical-json.ts';
import type { Entry } from '../../../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { newLogKey } from '../../../support/audit/test-log.ts';
import { decisionEntry, token, uuid } from '../../../support/entries.ts';
import { evidenceLogOf, objectsOn, packOf } from '../../../support/evidence.ts';
import { checkProofs, checkSums, indicesIn, matching, randomLog } from '../../../support/evidence-checks.ts';
import { NOON } from '../../../support/facts.ts';

const ALWAYS = { since: 0 };
const key = newLogKey();

describe('the pack of a campaign', () => {
  test('holds its decisions, and what changed for its people from their first decision on', async () => {
    for (const seed of [4, 5]) {
      const entries = await randomLog(seed, 200);
      const files = await packOf(evidenceLogOf(entries, { key }), {
        about: { kind: 'campaign', campaignId: 'spring' },
        ...ALWAYS,
      });
      const people = new Set<string>();
      const expected = matching(entries, (entry) => {
        if (entry.kind !== 'decision') return entry.subjects.every((one) => people.has(one));
        if (entry.contact.campaignId !== 'spring') return false;
        for (const one of entry.subjects) people.add(one);
        return true;
      });
      expect(expected.length).toBeGreaterThan(20);
      expect(indicesIn(files.get('entries.ndjson'))).toEqual(expected);
      expect(files.has('withheld.ndjson')).toBe(false);
      checkProofs(files, key.vkey);
      checkSums(files);
    }
  });

  test('leaves out what names somebody whom the campaign never had', async () => {
    const both = { subjects: [token(1), token(2)] };
    const parked = {
      kind: 'parked',
      cause: 'NO_CUSTOMER_ADDRESS',
      suppressed: 2,
      at: new Date(NOON).toISOString(),
    } as const;
    const entries: Entry[] = [
      decisionEntry({ n: 1, subjects: [token(1)] }),
      { ...parked, id: uuid(2), ...both },
      decisionEntry({ n: 3, subjects: [token(2)] }),
      { ...parked, id: uuid(4), ...both },
    ];
    const scope = { about: { kind: 'campaign', campaignId: 'spring' }, ...ALWAYS } as const;
    const files = await packOf(evidenceLogOf(entries, { key }), scope);
    expect(indicesIn(files.get('entries.ndjson'))).toEqual([0, 2, 3]);
  });

  test('counts as one does by hand', async () => {
    const entries = await randomLog(6, 200);
    const files = await packOf(evidenceLogOf(entries, { key }), {
      about: { kind: 'campaign', campaignId: 'spring' },
      ...ALWAYS,
    });
    const packed = objectsOn(files.get('entries.ndjson'));
    const figures = JSON.parse(files.get('figures.json') ?? '');
    const decisions = packed.filter(({ kind }) => kind === 'decision');
    const count = (matches: (entry: Record<string, unknown>) => boolean) => packed.filter(matches).length;
    expect(figures.decisions).toEqual({
      ALLOW: count(({ effect }) => effect === 'ALLOW'),
      BLOCK: count(({ effect }) => effect === 'BLOCK'),
    });
    const byHand: Record<string, Record<string, number>> = {};
    for (const { at, reasons } of decisions) {
      const day = String(at).slice(0, 10);
      const [first] = Array.isArray(reasons) ? reasons : [];
      const code = first?.code ?? 'PERMITTED';
      const counts = byHand[day] ?? {};
      counts[code] = (counts[code] ?? 0) + 1;
      byHand[day] = counts;
    }
    const days: readonly { day: string; byReason: Record<string, number> }[] = figures.days;
    expect(Object.fromEntries(days.map(({ day, byReason }) => [day, byReason]))).toEqual(byHand);
    expect(figures.optOuts.optOuts).toBe(count(({ kind }) => kind === 'fact'));
    expect(figures.policies).toEqual([
      { name: DEFAULT_POLICY.name, hash: DEFAULT_POLICY.hash, entries: decisions.length },
    ]);
    expect(sha256Hex(files.get(`policies/${DEFAULT_POLICY.hash}.json`) ?? '')).toBe(DEFAULT_POLICY.hash);
  });

  test('has the same bytes each time, and none of a hostile name as markup', async () => {
    const campaignId = `"><script>alert(1)</script><img src=x onerror='a'>\u202e&\u0007`;
    const entries = [decisionEntry({ n: 1 }), decisionEntry({ n: 2, contact: { campaignId } })];
    const scope = { about: { kind: 'campaign', campaignId }, ...ALWAYS } as const;
    const log = evidenceLogOf(entries, { key });
    const files = await packOf(log, scope);
    expect(indicesIn(files.get('entries.ndjson'))).toEqual([1]);
    expect([...(await packOf(log, scope))]).toEqual([...files]);
    const report = files.get('report.html') ?? '';
    expect(report).not.toMatch(/<script|<img|onerror='|\u202e/);
    expect(report).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(report).toContain('\\u{202e}&amp;\\u{7}');
  });

  test('fetches nothing and runs nothing', async () => {
    const report =
      (
        await packOf(evidenceLogOf([decisionEntry({ n: 1 })], { key }), {
          about: { kind: 'campaign', campaignId: 'spring' },
          ...ALWAYS,
        })
      ).get('report.html') ?? '';
    expect(report).toContain("default-src 'none'");
    expect(report).not.toMatch(/https?:|<script|<link|url\(|@import|src=/);
    expect([
      ...report.matchAll(/<svg[^>]*role="img"[^>]*>\s*<title[^>]*>[^<]+<\/title>\s*<desc[^>]*>[^<]+/g),
    ]).toHaveLength(1);
  });
});
