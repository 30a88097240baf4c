import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnapshotMembership } from '../../../../lib/domain/registry/membership.ts';
import { groupOf, Segment } from '../../../../lib/domain/registry/segment.ts';
import { type ReadRange, Snapshot } from '../../../../lib/domain/registry/snapshot.ts';
import { type BuiltSnapshot, SnapshotBuilder } from '../../../../lib/domain/registry/snapshot-builder.ts';
import { blockEndings } from '../../../support/block-endings.ts';
import { fuzzRegistry } from '../../../support/fuzz-registry.ts';
import { Random } from '../../../support/random.ts';

const ABOUT = { registry: 'us-national', versionAt: Date.UTC(2026, 10, 20), areaCodes: 'ALL' as const };

function built(numbers: Iterable<string>): BuiltSnapshot {
  const builder = new SnapshotBuilder();
  for (const number of numbers) builder.add(Number(number.slice(1)));
  return builder.build(ABOUT);
}

function fileOf(snapshot: BuiltSnapshot): Buffer {
  return Buffer.concat([...snapshot.parts()]);
}

function rangesOf(file: Uint8Array): ReadRange {
  return async (from, bytes) => file.subarray(from, from + bytes);
}

function opened(file: Uint8Array): Promise<Snapshot> {
  return Snapshot.open(rangesOf(file));
}

/** Every number of a snapshot, in order. */
async function numbersIn(file: Uint8Array): Promise<string[]> {
  const snapshot = await opened(file);
  const segments = await Promise.all(snapshot.groups().map((group) => snapshot.segment(group)));
  return segments.flatMap((segment) =>
    segment
      .rests()
      .flatMap((rest) =>
        blockEndings(segment.block(rest) ?? new Uint8Array()).map(
          (ending) => `+${segment.group}${rest}${String(ending).padStart(4, '0')}`,
        ),
      ),
  );
}

function membershipOf(file: Uint8Array, snapshot: Snapshot): SnapshotMembership {
  const sha = createHash('sha256').update(file).digest('hex');
  const { versionAt, numbers } = snapshot.head;
  const about = { snapshotKey: 'registries/us-national/test.snapshot', snapshotSha256: sha, numbers };
  return new SnapshotMembership({ ...ABOUT, ...about, versionAt, accessedAt: versionAt }, snapshot);
}

describe('a registry snapshot', () => {
  it('holds exactly the numbers that were put in, of any country', async () => {
    const usNumbers = fc.tuple(
      fc.constantFrom('212', '213', '818', '907'),
      fc.constantFrom('200', '201', '555', '999'),
      fc.integer({ min: 0, max: 9999 }),
    );
    const number = fc.oneof(
      usNumbers.map(([area, exchange, ending]) => `+1${area}${exchange}${String(ending).padStart(4, '0')}`),
      fc.integer({ min: 1_000_000, max: 9_999_999 }).map((ending) => `+44790${ending}`),
      // One digit more or less, and a zero after the first four: other numbers, which must not be taken for each other.
      fc.integer({ min: 0, max: 999_999 }).map((rest) => `+4420${String(rest).padStart(6, '0')}`),
      fc.integer({ min: 0, max: 99_999 }).map((rest) => `+4420${String(rest).padStart(5, '0')}`),
      fc.integer({ min: 0, max: 999 }).map((ending) => `+290${String(ending).padStart(4, '0')}`),
      fc.integer({ min: 10 ** 13, max: 10 ** 14 - 1 }).map((digits) => `+4${digits}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(number, { minLength: 1, maxLength: 300 }),
        fc.array(number, { maxLength: 50 }),
        async (numbers, others) => {
          const snapshot = built(numbers);
          const file = fileOf(snapshot);
          const unique = new Set(numbers);
          expect((await numbersIn(file)).toSorted()).toEqual([...unique].toSorted());
          expect(snapshot.numbers).toBe(unique.size);
          const membership = membershipOf(file, await opened(file));
          const asked = [...numbers, ...others];
          expect(await membership.listed(asked)).toEqual(asked.map((one) => unique.has(one)));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('answers a million random questions and changes as a Set does', async () => {
    const { questions, listed } = await fuzzRegistry(new Random(20_261_122), 1_000_000);
    expect(questions).toBe(600_000);
    expect(listed).toBeGreaterThan(50_000);
  });

  it('says what it is and hashes to what it is named by', async () => {
    const snapshot = built(['+18182596712', '+12125550100']);
    const file = fileOf(snapshot);
    expect(createHash('sha256').update(file).digest('hex')).toBe(snapshot.sha256);
    expect(file.length).toBe(snapshot.bytes);
    const { head } = await opened(file);
    expect(head).toMatchObject({ ...ABOUT, format: 'dialguard-registry/1', numbers: 2, blocks: 2 });
    expect((await opened(file)).groups()).toEqual(['1212', '1818']);
  });

  it('is taken once: its numbers go from memory while it is written', () => {
    const builder = new SnapshotBuilder();
    const slots = [1_212_555, 1_818_259].map((prefix) => builder.slotOf(prefix));
    builder.add(12125550100);
    builder.add(18182596712);
    const snapshot = builder.build(ABOUT);
    const whole = fileOf(snapshot);
    expect(createHash('sha256').update(whole).digest('hex')).toBe(snapshot.sha256);
    for (const slot of slots) expect(() => builder.slabOf(slot)).toThrow(RangeError);
    expect(() => fileOf(snapshot)).toThrow(RangeError);
    expect(() => builder.has(12125550100)).toThrow(RangeError);
  });

  it('gives the same bytes whatever the order of the numbers, and whatever came and went', () => {
    const one = built(['+18182596712', '+12125550100', '+12125550101']);
    const builder = new SnapshotBuilder();
    for (const number of [12125550101, 12125550100, 13055550100, 18182596712]) builder.add(number);
    builder.remove(13055550100);
    builder.remove(14155550100);
    expect(builder.build(ABOUT).sha256).toBe(one.sha256);
  });

  it('is read with one request more where its index is longer than the first one', async () => {
    const groups = Array.from({ length: 1500 }, (_, at) => `+${2000 + at}5550100`);
    const file = fileOf(built(groups));
    const reads: number[] = [];
    const snapshot = await Snapshot.open(async (from, bytes) => {
      reads.push(bytes);
      return file.subarray(from, from + bytes);
    });
    expect(reads).toHaveLength(2);
    expect(snapshot.groups()).toHaveLength(1500);
  });

  it('has a segment without numbers where it has none', async () => {
    const snapshot = await opened(fileOf(built(['+18182596712'])));
    expect((await snapshot.segment('1212')).has(12125550100)).toBe(false);
    expect((await snapshot.segment('1818')).has(12125550100)).toBe(false);
  });

  it.each([
    { what: 'a head that is no JSON', damage: (file: Buffer) => file.fill('x', 0, 5) },
    {
      what: 'a changed directory',
      damage: (file: Buffer) => file.fill('9', file.indexOf('"offset":') + 9, file.indexOf('"offset":') + 10),
    },
    { what: 'other bytes altogether', damage: (file: Buffer) => file.fill(0) },
  ])('refuses $what', async ({ damage }) => {
    const file = fileOf(built(['+18182596712']));
    damage(file);
    await expect(opened(file)).rejects.toMatchObject({ code: 'BAD_SNAPSHOT' });
  });

  it('refuses an index that ends before its end', async () => {
    const file = fileOf(built(['+18182596712']));
    await expect(opened(file.subarray(0, file.indexOf('\n') + 5))).rejects.toMatchObject({
      code: 'BAD_SNAPSHOT',
    });
  });

  it('refuses a segment of which one bit was changed', async () => {
    const file = fileOf(built(['+18182596712']));
    const { group } = groupOf('+18182596712');
    expect((await (await opened(file)).segment(group)).has(18182596712)).toBe(true);
    file[file.length - 1] = (file.at(-1) ?? 0) ^ 1;
    await expect((await opened(file)).segment(group)).rejects.toMatchObject({ code: 'BAD_SNAPSHOT' });
  });

  it.each([
    { what: 'no table', bytes: Buffer.from('818:3') },
    { what: 'a table that promises more', bytes: Buffer.from('818:30\n\x00\x00\x01') },
  ])('refuses a segment with $what', ({ bytes }) => {
    expect(() => new Segment('1818', bytes)).toThrow(expect.objectContaining({ code: 'BAD_SNAPSHOT' }));
  });

  it('throws rather than say "not listed" where a block is none', () => {
    const segment = new Segment('1818', Buffer.from('259:3\n\x09\x09\x09'));
    expect(() => segment.has(18182596712)).toThrow(expect.objectContaining({ code: 'BAD_BLOCK' }));
  });

  it('of nothing is refused', () => {
    expect(() => built([])).toThrow(expect.objectContaining({ code: 'EMPTY_REGISTRY' }));
  });
});
