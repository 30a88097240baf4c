import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRegistryFile } from '../../../../lib/domain/registry/registry-file.ts';
import { SnapshotBuilder } from '../../../../lib/domain/registry/snapshot-builder.ts';

type AreaCodes = 'ALL' | readonly string[];

/** Reads a full list given in pieces; the number of lines. */
function read(
  text: string,
  { size = 7, areaCodes = 'ALL', builder = new SnapshotBuilder() }: Partial<Reading> = {},
): Promise<number> {
  const covered = areaCodes === 'ALL' ? undefined : new Set(areaCodes);
  const file = { kind: 'FULL' as const, open: () => chunked(text, size) };
  return readRegistryFile(file, { areaCodes: covered }, builder);
}
type Reading = { size: number; areaCodes: AreaCodes; builder: SnapshotBuilder };

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What a list holds, read line by line and number by number. */
function slowly(text: string): Set<string> {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  return new Set(lines.map((line) => (line.startsWith('+') ? line : `+1${line.replace(',', '')}`)));
}

describe('readRegistryFile', () => {
  it('takes every line of any list, in any order and cut into any pieces', async () => {
    const flat = fc
      .tuple(fc.constantFrom('212', '299', '818'), fc.integer({ min: 2_000_000, max: 9_999_999 }))
      .map(([area, rest]) => `${area},${rest}`);
    const near = fc
      .tuple(fc.constantFrom('2125550', '8182596'), fc.integer({ min: 0, max: 999 }))
      .map(([start, rest]) => `${start.slice(0, 3)},${start.slice(3)}${String(rest).padStart(3, '0')}`);
    const abroad = fc.integer({ min: 442_000_000_000, max: 449_999_999_999 }).map((number) => `+${number}`);
    const line = fc.oneof({ weight: 5, arbitrary: near }, flat, abroad);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\r\n')), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 200 }),
        async (lines, size) => {
          const text = lines.flat().join('');
          const builder = new SnapshotBuilder();
          const count = await read(text, { size, builder });
          const expected = slowly(text);
          expect(count).toBe(lines.length);
          expect(builder.count()).toBe(expected.size);
          for (const number of expected) expect(builder.has(Number(number.slice(1)))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('refuses a list of which any one character was spoiled', async () => {
    const text = '818,2596712\n818,2596713\n212,5550100\n';
    for (let at = 0; at < text.length; at += 1) {
      for (const wrong of 'x/:,;\0\n') {
        if (text[at] === wrong) continue;
        const spoiled = text.slice(0, at) + wrong + text.slice(at + 1);
        const reading = read(spoiled, { size: 100 });
        await expect(reading, JSON.stringify(spoiled)).rejects.toMatchObject({ code: 'BAD_REGISTRY_LINE' });
      }
    }
  });

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
      what: 'a blank line in the middle of many',
      text: `${'818,2596712\n'.repeat(20)}\n818,2596712\n`,
      areaCodes: 'ALL' as const,
      code: 'BAD_REGISTRY_LINE',
      line: 21,
    },
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
    const reading = read(text, { areaCodes });
    const error = await reading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code });
    const message = error instanceof Error ? error.message : '';
    if (line !== undefined) expect(message).toContain(`line ${line}:`);
    expect(message).not.toMatch(/2596712|5550100/);
  });

  it('counts lines and takes LF, CRLF, and blanks after a line and after the last one', async () => {
    const builder = new SnapshotBuilder();
    const text = '818,2596712\r\n818,2596713\n+18182596714 \t\r\n  \n\r\n';
    const lines = await read(text, { areaCodes: ['818'], builder });
    expect({ lines, numbers: builder.count() }).toEqual({ lines: 3, numbers: 3 });
  });
});
