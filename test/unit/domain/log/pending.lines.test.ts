import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../lib/domain/canonical-json.ts';
import { numberedLine, readPending } from '../../../../lib/domain/log/pending.ts';
import { decisionEntry, entryLine, factEntry } from '../../../support/entries.ts';

function lineOf(entry: { id: string; subjects: readonly string[] }, stored: string, index: number): string {
  const read = readPending({ home: entry.subjects[0] ?? '', id: entry.id }, stored);
  if (read === undefined) throw new Error('expected an entry');
  return numberedLine(read.line, index);
}

describe('the line of a pending entry', () => {
  it.each([factEntry({ n: 1 }), decisionEntry({ n: 2 }), decisionEntry({ n: 3, legalAlert: 'SENT' })])(
    'is what canonicalizing it with its index gives: $kind',
    (entry) => {
      for (const index of [0, 9, 123_456_789]) {
        expect(lineOf(entry, canonicalJson(entry), index)).toBe(entryLine(index, entry));
      }
    },
  );

  it('is so for any further members, and for texts that are not canonical', () => {
    const name = fc.oneof(
      fc.constantFrom('idx', 'idea', 'inde', 'index2', 'Index', 'z', '10', '9', 'é', '\u{1F600}', '\uFB33'),
      fc.string(),
    );
    const spaces = fc.constantFrom(undefined, 1);
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue()), fc.nat(), spaces, (more, index, indent) => {
        const { index: _index, ...rest } = more;
        const entry = { ...rest, ...factEntry({ n: 4 }) };
        const stored = JSON.stringify(entry, undefined, indent);
        // What stands for itself in JSON: -0 and the like do not.
        const expected = entryLine(index, JSON.parse(stored));
        expect(lineOf(entry, stored, index)).toBe(expected);
        expect(lineOf(entry, canonicalJson(entry), index)).toBe(expected);
      }),
      { numRuns: 400 },
    );
  });
});
