import { describe, expect, test } from 'vitest';
import { collectEvidence, MOST_ENTRIES } from '../../../../lib/domain/evidence/collect.ts';
import type { Entry } from '../../../../lib/domain/log/entry.ts';
import { newLogKey } from '../../../support/audit/test-log.ts';
import { decisionEntry, entryLine, factEntry, token, uuid } from '../../../support/entries.ts';
import { evidenceLogOf, objectsOn, packOf } from '../../../support/evidence.ts';
import { checkProofs, checkSums, indicesIn, matching, randomLog } from '../../../support/evidence-checks.ts';
import { DAY_MS, NOON, suppression } from '../../../support/facts.ts';

const ANY_TOKEN = /p\d+\.[\w-]{43}/g;
const ALWAYS = { since: 0 };
const key = newLogKey();

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
        checkProofs(files, key.vkey);
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
