import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../../../lib/domain/canonical-json.ts';
import { collectEvidence, MOST_ENTRIES } from '../../../../lib/domain/evidence/collect.ts';
import { type Entry, entryLine } from '../../../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { openCheckpoint } from '../../../../lib/domain/verify/checkpoint.ts';
import { readVerifierKey } from '../../../../lib/domain/verify/note.ts';
import { checkProofFile } from '../../../../lib/domain/verify/proof-file.ts';
import { inclusionHolds } from '../../../../lib/domain/verify/proofs.ts';
import { newLogKey } from '../../../support/audit/test-log.ts';
import { decisionEntry, factEntry, token, uuid } from '../../../support/entries.ts';
import { evidenceLogOf, objectsOn, packOf } from '../../../support/evidence.ts';
import { DAY_MS, NOON, suppression } from '../../../support/facts.ts';
import { Random } from '../../../support/random.ts';
import { randomHistory } from '../../../support/random-history.ts';

const ANY_TOKEN = /p\d+\.[\w-]{43}/g;
const ALWAYS = { since: 0 };
const key = newLogKey();

/** Checks of people of both regions, some about several numbers, and opt-outs of the same people in between. */
async function randomLog(seed: number, count: number): Promise<readonly Entry[]> {
  const decisions = await randomHistory(new Random(seed), count, DEFAULT_POLICY);
  return decisions.flatMap((entry, at) => {
    const [subject] = entry.subjects;
    if (subject === undefined || at % 3 > 0) return [entry];
    return [entry, factEntry({ n: 10_000 + at, subjects: [subject], at: Date.parse(entry.at) + 1 })];
  });
}

function indicesIn(text: string | undefined): readonly number[] {
  return objectsOn(text).map(({ index }) => Number(index));
}

function matching(entries: readonly Entry[], matches: (entry: Entry) => boolean): readonly number[] {
  return entries.flatMap((entry, index) => (matches(entry) ? [index] : []));
}

function checkSums(files: ReadonlyMap<string, string>): void {
  const named = (files.get('SHA256SUMS') ?? '').split('\n').slice(0, -1);
  expect(named).toEqual(
    [...files].filter(([name]) => name !== 'SHA256SUMS').map(([name, text]) => `${sha256Hex(text)}  ${name}`),
  );
}

/** Every entry of the pack is proved, with nothing but the pack. */
function checkProofs(files: ReadonlyMap<string, string>): void {
  const pinned = readVerifierKey(key.vkey);
  if (pinned === undefined) throw new Error('expected a key');
  expect(files.get('vkey')).toBe(`${key.vkey}\n`);
  const lines = [files.get('entries.ndjson') ?? '', files.get('registries.ndjson') ?? '']
    .join('')
    .split('\n');
  for (const line of lines.filter((one) => one !== '')) {
    const { index } = JSON.parse(line);
    const checked = checkProofFile(files.get(`proofs/${index}.json`) ?? '', pinned);
    expect(checked).toMatchObject({ holds: true, kind: 'ENTRY', index, entry: line });
  }
  const opened = openCheckpoint(Buffer.from(files.get('checkpoint') ?? ''), pinned);
  if (opened.state !== 'SIGNED') throw new Error('expected a signed checkpoint');
  for (const { index, leafHash } of objectsOn(files.get('withheld.ndjson'))) {
    const [head = '', note] = (files.get(`proofs/${index}.tlog-proof`) ?? '').split('\n\n');
    const [format, place, ...hashes] = head.split('\n');
    expect([format, place]).toEqual(['c2sp.org/tlog-proof@v1', `index ${index}`]);
    expect(files.get('checkpoint')?.startsWith(note ?? '-')).toBe(true);
    const path = hashes.map((hash) => Buffer.from(hash, 'base64'));
    const { size, root } = opened.checkpoint;
    const leaf = Buffer.from(String(leafHash), 'hex');
    expect(inclusionHolds({ index: Number(index), size, root, path, leafHash: leaf })).toBe(true);
  }
}

describe('the pack of a person', () => {
  test("holds exactly that person's entries, each proved, and no other person's token, over random histories", async () => {
    for (const seed of [1, 2, 3]) {
      const entries = await randomLog(seed, 150);
      const log = evidenceLogOf(entries, { key, perBatch: 40 });
      const people = [...new Set(entries.flatMap(({ subjects }) => subjects))];
      expect(people.length).toBeGreaterThan(5);
      for (const person of people) {
        const files = await packOf(log, { about: { kind: 'person', token: person }, ...ALWAYS });
        const own = matching(
          entries,
          ({ subjects }) => subjects.every((one) => one === person) && subjects.length > 0,
        );
        const all = matching(entries, ({ subjects }) => subjects.includes(person));
        expect(indicesIn(files.get('entries.ndjson'))).toEqual(own);
        expect(indicesIn(files.get('withheld.ndjson'))).toEqual(all.filter((index) => !own.includes(index)));
        for (const [name, text] of files) {
          const found = new Set([...text.matchAll(ANY_TOKEN)].map(([one]) => one));
          found.delete(person);
          expect([name, ...found]).toEqual([name]);
        }
        checkProofs(files);
        checkSums(files);
      }
    }
  });

  test('says of an entry about several contact points no more than what is about this one', async () => {
    const [fact] = decisionEntry({ n: 1 }).facts;
    if (fact === undefined) throw new Error('expected facts');
    const other = {
      ...fact,
      token: token(2),
      areaCode: '999',
      reasons: [{ code: 'LITIGATION_HOLD', ruleId: 'x' }],
    };
    const entry = decisionEntry({
      n: 1,
      subjects: [token(1), token(2)],
      facts: [fact, other],
      reasons: [...other.reasons, ...fact.reasons],
    });
    const files = await packOf(evidenceLogOf([entry], { key }), {
      about: { kind: 'person', token: token(1) },
      ...ALWAYS,
    });
    const [{ own } = { own: undefined }] = objectsOn(files.get('withheld.ndjson'));
    expect(own).toMatchObject({ subjects: [token(1)], facts: [fact], reasons: fact.reasons });
    for (const text of files.values()) expect(text).not.toMatch(/LITIGATION_HOLD|"999"/);
    expect(files.get('entries.ndjson')).toBe('');
    expect(files.get('README.md')).toContain('withheld.ndjson');
  });

  test('takes no word for it that an entry is about one person alone', async () => {
    const step = (n: number) => ({ id: `own:${token(n)}`, state: 'DONE' });
    const request: Extract<Entry, { kind: 'subject-request' }> = {
      kind: 'subject-request',
      id: uuid(1),
      at: new Date(NOON).toISOString(),
      subjects: [token(1)],
      requestId: uuid(9),
      ...{ type: 'ERASURE', event: 'STEP_DONE', state: 'RUNNING', by: 'privacy-2' },
    };
    const entries: Entry[] = [
      { ...request, steps: [step(1)] },
      { ...request, id: uuid(2), steps: [step(1), step(2)] },
    ];
    const files = await packOf(evidenceLogOf(entries, { key }), {
      about: { kind: 'person', token: token(1) },
      ...ALWAYS,
    });
    expect(indicesIn(files.get('entries.ndjson'))).toEqual([0]);
    expect(indicesIn(files.get('withheld.ndjson'))).toEqual([1]);
    for (const text of files.values()) expect(text).not.toContain(token(2));
  });

  test('keeps to the time that was asked about', async () => {
    const entries = [0, 1, 2, 3].map((n) => factEntry({ n, subjects: [token(1)], at: NOON + n * DAY_MS }));
    const span = { since: NOON + DAY_MS, until: NOON + 3 * DAY_MS };
    const files = await packOf(evidenceLogOf(entries, { key }), {
      about: { kind: 'person', token: token(1) },
      ...span,
    });
    expect(indicesIn(files.get('entries.ndjson'))).toEqual([1, 2]);
  });

  test('says nothing of entries that no checkpoint covers yet', async () => {
    const entries = [0, 1, 2].map((n) => factEntry({ n, subjects: [token(1)] }));
    const signed = evidenceLogOf(entries.slice(0, 2), { key });
    const log = { ...signed, objects: evidenceLogOf(entries, { key }).objects };
    const files = await packOf(log, { about: { kind: 'person', token: token(1) }, ...ALWAYS });
    expect(indicesIn(files.get('entries.ndjson'))).toEqual([0, 1]);
  });
});

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
      checkProofs(files);
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

test('an opt-out is timed from when it was stated until the object with its entry was written', async () => {
  const at = Date.parse('2026-11-22T08:10:00.000Z');
  const fact = suppression({ effectiveAt: at - 90_000, receivedAt: at - 500, eventId: 'event-9' });
  const entry = factEntry({ n: 1, at, subjects: [token(1)], fact });
  const files = await packOf(evidenceLogOf([entry], { key }), {
    about: { kind: 'person', token: token(1) },
    ...ALWAYS,
  });
  const { optOuts } = JSON.parse(files.get('figures.json') ?? '');
  expect(optOuts).toMatchObject({
    optOuts: 1,
    statedToReceived: { p50: 89_500, max: 89_500 },
    receivedToInForce: { p50: 500 },
    // The test's log is written at twenty past.
    inForceToLogged: { p50: 600_000 },
    overSixtySeconds: 1,
    overLegalLimit: 0,
  });
  expect(uuid(1, at)).toBe(entry.id);
});

test('a pack of more than fits says so, and what to ask for instead', async () => {
  const line = entryLine(0, factEntry({ n: 1, subjects: [token(1)] }));
  const objects = async function* (count: number) {
    yield { loggedAt: NOON, lines: Array.from({ length: count }, () => line) };
  };
  const scope = { about: { kind: 'person', token: token(1) }, ...ALWAYS } as const;
  const { lines } = await collectEvidence(objects(MOST_ENTRIES), scope, MOST_ENTRIES + 1);
  expect(lines).toHaveLength(MOST_ENTRIES);
  await expect(collectEvidence(objects(MOST_ENTRIES + 1), scope, MOST_ENTRIES + 1)).rejects.toMatchObject({
    code: 'PACK_TOO_LARGE',
  });
});
