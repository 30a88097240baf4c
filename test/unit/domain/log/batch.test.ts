import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../../../lib/domain/canonical-json.ts';
import { batchText, nextBatch, placesOf, readBatch, readLine } from '../../../../lib/domain/log/batch.ts';
import type { Entry } from '../../../../lib/domain/log/entry.ts';
import { type PendingEntry, readPending } from '../../../../lib/domain/log/pending.ts';
import { decisionEntry, entryLine, factEntry, token, uuid } from '../../../support/entries.ts';
import { NOON } from '../../../support/facts.ts';

const NO_LIMIT = { entries: 100, size: 1_000_000 };

function waiting(entry: Entry, home = entry.subjects[0] ?? `e.${entry.id}`): PendingEntry {
  const read = readPending({ home, id: entry.id }, canonicalJson(entry));
  if (read === undefined) throw new Error('expected a readable entry');
  return read;
}

function ids(batch: readonly PendingEntry[]): string[] {
  return batch.map(({ entry }) => entry.id);
}

describe('nextBatch', () => {
  const [a, b, c] = [
    factEntry({ n: 2, at: NOON }),
    factEntry({ n: 1, at: NOON + 1 }),
    factEntry({ n: 3, at: NOON + 1 }),
  ];

  test('orders by time, then by id, however the times are written', () => {
    const early = { ...factEntry({ n: 9, at: NOON - 1 }), at: '2026-11-20T14:59:59.9Z' };
    const late = { ...factEntry({ n: 0, at: NOON }), at: '2026-11-20T15:00:01Z' };
    const shuffled = [late, c, a, early, b].map((entry) => waiting(entry));
    expect(ids(nextBatch(shuffled, NO_LIMIT))).toEqual([early, a, b, c, late].map(({ id }) => id));
  });

  test('takes an entry once, even if it waits in two places', () => {
    const twice = [waiting(a), waiting(a, `e.${a.id}`), waiting(b)];
    expect(ids(nextBatch(twice, NO_LIMIT))).toEqual([a.id, b.id]);
  });

  test('stops at the limit of entries, oldest first', () => {
    expect(
      ids(
        nextBatch(
          [c, b, a].map((entry) => waiting(entry)),
          { ...NO_LIMIT, entries: 2 },
        ),
      ),
    ).toEqual([a.id, b.id]);
  });

  test.each([
    ['exactly two', 0, 2],
    ['one character less than two', -1, 1],
  ])('stops before the limit of size: %s', (_, less, count) => {
    const all = [a, b, c].map((entry) => waiting(entry));
    const size = (all[0]?.size ?? 0) + (all[1]?.size ?? 0) + less;
    expect(nextBatch(all, { ...NO_LIMIT, size })).toHaveLength(count);
  });

  test('takes at least one, however large it is', () => {
    expect(ids(nextBatch([waiting(b), waiting(a)], { entries: 5, size: 1 }))).toEqual([a.id]);
  });

  test('takes nothing of nothing', () => {
    expect(nextBatch([], NO_LIMIT)).toEqual([]);
  });
});

describe('batchText and readBatch', () => {
  const entries = [factEntry({ n: 1 }), decisionEntry({ n: 2 }), factEntry({ n: 3, subjects: [] })];
  const text = batchText(
    7,
    entries.map((entry) => waiting(entry)),
  );

  test('a line for each entry, with its index', () => {
    expect(text).toBe(entries.map((entry, position) => `${entryLine(7 + position, entry)}\n`).join(''));
  });

  test('reads back what was written', () => {
    expect(readBatch(7, text)).toEqual(entries.map((entry, position) => ({ index: 7 + position, ...entry })));
  });

  test.each([
    ['another first index', 6, text],
    ['nothing', 7, ''],
    ['a missing last line feed', 7, text.slice(0, -1)],
    ['an empty line', 7, `\n${text}`],
    ['a line left out', 7, text.split('\n').toSpliced(1, 1).join('\n')],
    ['a line twice', 7, `${text.split('\n')[0]}\n${text}`],
  ])('refuses %s', (_, first, broken) => {
    expect(() => readBatch(first, broken)).toThrow(expect.objectContaining({ code: 'LOG_OBJECT_BROKEN' }));
  });

  test('a line that is no JSON is no entry', () => {
    expect(readLine('{')).toBeUndefined();
    expect(readLine('{"index":1}')).toBeUndefined();
  });
});

describe('placesOf', () => {
  const entry = decisionEntry({ n: 1, subjects: [token(1), token(2)] });
  const logged = [{ index: 0, ...entry }];

  test('where the entry was found', () => {
    expect(placesOf(logged, [waiting(entry)])).toEqual([{ home: token(1), id: uuid(1) }]);
    const both = [waiting(entry), waiting(entry, `e.${uuid(1)}`)];
    expect(placesOf(logged, both).map(({ home }) => home)).toEqual([token(1), `e.${uuid(1)}`]);
  });

  test('wherever it can wait, if it was not found', () => {
    const other = waiting(factEntry({ n: 5 }));
    expect(placesOf(logged, [other])).toEqual(
      [token(1), token(2), `e.${uuid(1)}`].map((home) => ({ home, id: uuid(1) })),
    );
  });
});
