import { describe, expect, it } from 'vitest';
import { LoggedEntry } from '../../../../lib/domain/log/entry.ts';
import { homeOf } from '../../../../lib/domain/log/home.ts';
import { entryLine } from '../../../support/entries.ts';
import { suppression } from '../../../support/facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const token = tokenOfNumber(NUMBERS.newYork, PEPPER);
const entry = {
  kind: 'fact',
  id: '019a9c6e-0000-7000-8000-000000000001',
  at: '2026-11-20T15:00:00.000Z',
  subjects: [token],
  fact: suppression(),
} as const;

describe('an entry', () => {
  it('waits on its first contact point, or on an item of its own', () => {
    expect(homeOf({ ...entry, subjects: [token, 'other'] })).toBe(token);
    expect(homeOf({ ...entry, subjects: [] })).toBe(`e.${entry.id}`);
  });

  it('is one line of canonical JSON, and is read back as what it was', () => {
    const line = entryLine(7, { ...entry, subjects: [token] });
    expect(line).not.toMatch(/[\n\r]/);
    expect(line.indexOf('"at"')).toBeLessThan(line.indexOf('"fact"'));
    expect(LoggedEntry.parse(JSON.parse(line))).toEqual({ ...entry, index: 7 });
  });
});
