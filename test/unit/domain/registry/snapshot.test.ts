import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockEndings, blockHas } from '../../../../lib/domain/registry/block.ts';
import { readRegistryFile } from '../../../../lib/domain/registry/registry-file.ts';
import {
  decodeIndex,
  decodeSegment,
  groupOf,
  type SnapshotIndex,
} from '../../../../lib/domain/registry/snapshot.ts';
import { type BuiltSnapshot, SnapshotBuilder } from '../../../../lib/domain/registry/snapshot-builder.ts';

const ABOUT = { registry: 'us-national', versionAt: Date.UTC(2026, 10, 20), areaCodes: 'ALL' as const };

async function* chunked(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function built(text: string): Promise<{ builder: SnapshotBuilder; snapshot: BuiltSnapshot }> {
  const builder = new SnapshotBuilder();
  await readRegistryFile(chunked(text), 'ALL', builder);
  return { builder, snapshot: builder.build(ABOUT) };
}

function indexOf(file: Uint8Array): SnapshotIndex {
  const index = decodeIndex(file);
  if ('bytesNeeded' in index) throw new Error('expected the whole index');
  return index;
}

/** Every number of a snapshot, in order. */
function numbersIn(file: Uint8Array): string[] {
  const { segments, segmentsAt } = indexOf(file);
  return [...segments.values()].flatMap((place) => {
    const start = segmentsAt + place.offset;
    const segment = decodeSegment(file.subarray(start, start + place.bytes), place);
    return [...segment].flatMap(([rest, block]) =>
      [...blockEndings(block)].map((ending) => `+${place.group}${rest}${String(ending).padStart(4, '0')}`),
    );
  });
}

describe('a registry snapshot', () => {
  it('holds exactly the numbers that were put in', async () => {
    const usNumbers = fc.tuple(
      fc.constantFrom('212', '213', '818', '907'),
      fc.constantFrom('200', '201', '555', '999'),
      fc.integer({ min: 0, max: 9999 }),
    );
    const number = fc.oneof(
      usNumbers.map(([area, exchange, ending]) => `+1${area}${exchange}${String(ending).padStart(4, '0')}`),
      fc.integer({ min: 1_000_000, max: 9_999_999 }).map((ending) => `+44790${ending}`),
      fc.integer({ min: 0, max: 999 }).map((ending) => `+290${String(ending).padStart(4, '0')}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 300 }), async (numbers) => {
        const { builder, snapshot } = await built(numbers.join('\n'));
        const file = Buffer.concat(snapshot.parts);
        const unique = [...new Set(numbers)];
        expect(numbersIn(file).toSorted()).toEqual(unique.toSorted());
        expect(snapshot.numbers).toBe(unique.length);
        expect(builder.duplicates).toBe(numbers.length - unique.length);
      }),
      { numRuns: 60 },
    );
  });

  it('says what it is and hashes to what it is named by', async () => {
    const { snapshot } = await built('818,2596712\r\n212,5550100\r\n');
    const file = Buffer.concat(snapshot.parts);
    expect(createHash('sha256').update(file).digest('hex')).toBe(snapshot.sha256);
    expect(file.length).toBe(snapshot.bytes);
    expect(indexOf(file).head).toMatchObject({
      ...ABOUT,
      format: 'dialguard-registry/1',
      numbers: 2,
      blocks: 2,
    });
    expect([...indexOf(file).segments.keys()]).toEqual(['1212', '1818']);
  });

  it('gives the same bytes whatever the order of the numbers', async () => {
    const one = await built('818,2596712\n212,5550100\n212,5550101\n');
    const other = await built('212,5550101\n212,5550100\n818,2596712\n');
    expect(other.snapshot.sha256).toBe(one.snapshot.sha256);
  });

  it('says how many bytes the index needs when it got fewer', async () => {
    const { snapshot } = await built('818,2596712\n');
    const file = Buffer.concat(snapshot.parts);
    const headEnd = file.indexOf('\n') + 1;
    expect(decodeIndex(file.subarray(0, headEnd + 3))).toEqual({ bytesNeeded: indexOf(file).segmentsAt });
  });

  it.each([
    { what: 'a head that is no JSON', damage: (file: Buffer) => file.fill('x', 0, 5) },
    {
      what: 'a changed directory',
      damage: (file: Buffer) => file.fill('9', file.indexOf('"offset":') + 9, file.indexOf('"offset":') + 10),
    },
    { what: 'other bytes altogether', damage: (file: Buffer) => file.fill(0) },
  ])('refuses $what', async ({ damage }) => {
    const { snapshot } = await built('818,2596712\n');
    const file = Buffer.concat(snapshot.parts);
    damage(file);
    expect(() => decodeIndex(file)).toThrow(expect.objectContaining({ code: 'BAD_SNAPSHOT' }));
  });

  it('refuses a segment of which one bit was changed', async () => {
    const { snapshot } = await built('818,2596712\n');
    const file = Buffer.concat(snapshot.parts);
    const { segments, segmentsAt } = indexOf(file);
    const place = segments.get('1818');
    if (place === undefined) throw new Error('expected the segment of area code 818');
    const segment = Buffer.from(file.subarray(segmentsAt, segmentsAt + place.bytes));
    const { rest, ending } = groupOf('+18182596712');
    expect(blockHas(decodeSegment(segment, place).get(rest) ?? new Uint8Array(), ending)).toBe(true);
    segment[segment.length - 1] = (segment.at(-1) ?? 0) ^ 1;
    expect(() => decodeSegment(segment, place)).toThrow(expect.objectContaining({ code: 'BAD_SNAPSHOT' }));
  });
});

describe('readRegistryFile', () => {
  it.each([
    { what: 'an empty file', text: '', areaCodes: 'ALL' as const, code: 'EMPTY_REGISTRY', line: undefined },
    {
      what: 'a header',
      text: 'area,number\n818,2596712\n',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 1,
    },
    {
      what: 'a blank line inside',
      text: '818,2596712\n\n818,2596713\n',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 2,
    },
    {
      what: 'a cut line',
      text: '818,2596712\n818,25967',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 2,
    },
    {
      what: 'an area code out of range',
      text: '118,2596712\n',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 1,
    },
    {
      what: 'an exchange out of range',
      text: '818,1596712\n',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 1,
    },
    {
      what: 'a North American number that is too long',
      text: '+181825967123\n',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 1,
    },
    { what: 'blanks', text: '818, 2596712\n', areaCodes: 'ALL' as const, code: 'BAD_REGISTRY_LINE', line: 1 },
    {
      what: 'a line without end',
      text: '8'.repeat(10_000),
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 1,
    },
    {
      what: 'a zip archive',
      text: 'PK\x03\x04\n',
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 1,
    },
    {
      what: 'another area code',
      text: '818,2596712\n212,5550100\n',
      areaCodes: ['818'],
      code: 'WRONG_AREA_CODE',
      line: 2,
    },
    {
      what: 'another country',
      text: '+442079460000\n',
      areaCodes: ['207'],
      code: 'WRONG_AREA_CODE',
      line: 1,
    },
  ])('refuses $what', async ({ text, areaCodes, code, line }) => {
    const reading = readRegistryFile(chunked(text), areaCodes, new SnapshotBuilder());
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    const message = error instanceof Error ? error.message : '';
    if (line !== undefined) expect(message).toContain(`line ${line}:`);
    expect(message).not.toMatch(/2596712|5550100/);
  });

  it('counts lines and takes LF, CRLF and a last line without end', async () => {
    const builder = new SnapshotBuilder();
    const { lines } = await readRegistryFile(
      chunked('818,2596712\r\n818,2596713\n+18182596714'),
      ['818'],
      builder,
    );
    expect({ lines, numbers: builder.numbers }).toEqual({ lines: 3, numbers: 3 });
  });
});
