import { describe, expect, test } from 'vitest';
import { logObjectKey, objectsSince, readLogObjectKey } from '../../../../lib/domain/log/object-key.ts';

const HOUR_MS = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 10, 22);

test.each([
  [0, MIDNIGHT, 'entries/dt=2026-11-22/hh=00/000000000000.ndjson.gz'],
  [41, MIDNIGHT - 1, 'entries/dt=2026-11-21/hh=23/000000000041.ndjson.gz'],
  [1_234_567_890_123, MIDNIGHT + 9.5 * HOUR_MS, 'entries/dt=2026-11-22/hh=09/1234567890123.ndjson.gz'],
])('the object of entry %d begun at %d is %s', (first, now, key) => {
  expect(logObjectKey(first, now)).toBe(key);
  expect(readLogObjectKey(key)).toEqual({ key, first, hour: Math.floor(now / HOUR_MS) * HOUR_MS });
});

test.each([
  'entries/dt=2026-11-22/hh=00/0.ndjson.gz',
  'entries/dt=2026-11-22/hh=00/000000000000.ndjson',
  'evidence/dt=2026-11-22/hh=00/000000000000.ndjson.gz',
  'x/entries/dt=2026-11-22/hh=00/000000000000.ndjson.gz',
  'entries/dt=2026-11-22/hh=00/000000000000.ndjson.gz.bak',
])('%s is no entries object', (key) => {
  expect(readLogObjectKey(key)).toBeUndefined();
});

describe('which objects can hold an entry made since', () => {
  // Begun in hours 0, 0, 1 and 3; given out of order.
  const names = [
    { key: 'c', first: 20, hour: MIDNIGHT + HOUR_MS },
    { key: 'a', first: 0, hour: MIDNIGHT },
    { key: 'd', first: 30, hour: MIDNIGHT + 3 * HOUR_MS },
    { key: 'b', first: 10, hour: MIDNIGHT },
  ];

  test.each([
    ['the beginning', 0, 'abcd'],
    ['the first hour', MIDNIGHT + 5, 'abcd'],
    ['the second hour: the last of the first may have been written in it', MIDNIGHT + HOUR_MS, 'bcd'],
    ['an hour in which none was begun', MIDNIGHT + 2.5 * HOUR_MS, 'cd'],
    ['the last hour', MIDNIGHT + 3 * HOUR_MS + 1, 'cd'],
    ['after the last object was begun', MIDNIGHT + 9 * HOUR_MS, 'd'],
  ])('%s', (_, since, expected) => {
    expect(objectsSince(names, since).map(({ key }) => key)).toEqual([...expected]);
  });

  test('no objects', () => {
    expect(objectsSince([], 0)).toEqual([]);
  });
});
