import { groupOfNumber } from '../../lib/domain/registry/segment.ts';
import { Snapshot } from '../../lib/domain/registry/snapshot.ts';
import { SnapshotBuilder } from '../../lib/domain/registry/snapshot-builder.ts';
import type { Random } from './random.ts';

const ABOUT = { registry: 'us-national', versionAt: Date.UTC(2026, 10, 20), areaCodes: 'ALL' as const };
const ROUND = 250_000;
const CHANGES = 0.4;
const ENDINGS = 10_000;
/** What the numbers of a block begin with: North American, and of other lengths with the same digits. */
const PREFIXES = [1_212_555, 1_212_556, 1_212_999, 1_818_259, 1_907_200, 44_207_946, 4_420_794, 44_790, 290];

/** What a round draws from: blocks of which more or less is ever listed, so that both forms of a block occur. */
type Block = { readonly prefix: number; readonly reach: number };

export type RegistryFuzz = { readonly questions: number; readonly listed: number; readonly blocks: number };

/**
 * Adds and removes random numbers, then asks a snapshot of them about random numbers, each time as a Set is. A new
 * registry begins every 250,000 operations, 40 % of which are changes.
 *
 * @throws Error at the first question that the registry and the Set answer differently.
 */
export async function fuzzRegistry(random: Random, operations: number): Promise<RegistryFuzz> {
  const sum = { questions: 0, listed: 0, blocks: 0 };
  for (let done = 0; done < operations; done += ROUND) {
    const round = await fuzzOne(random, Math.min(ROUND, operations - done));
    sum.questions += round.questions;
    sum.listed += round.listed;
    sum.blocks += round.blocks;
  }
  return sum;
}

async function fuzzOne(random: Random, operations: number): Promise<RegistryFuzz> {
  const blocks = PREFIXES.map((prefix) => ({ prefix, reach: 1 + random.below(ENDINGS) }));
  const changes = Math.ceil(operations * CHANGES);
  const { builder, oracle } = changed(random, changes, blocks);
  if (builder.count() !== oracle.size) throw new Error(`expected ${oracle.size}, got ${builder.count()}`);
  const built = builder.build(ABOUT);
  const file = Buffer.concat([...built.parts()]);
  const snapshot = await Snapshot.open(async (from, bytes) => file.subarray(from, from + bytes));
  const asked = Array.from({ length: operations - changes }, () => someNumber(random, blocks, ENDINGS));
  let listed = 0;
  for (const [group, numbers] of Map.groupBy(asked, groupOfNumber)) {
    const segment = await snapshot.segment(group);
    const out = new Uint8Array(numbers.length).fill(7);
    const count = segment.probe(numbers, out);
    const wrong = numbers.find((number, at) => out[at] !== (oracle.has(number) ? 1 : 0));
    if (wrong !== undefined) throw new Error(`+${wrong}: expected ${oracle.has(wrong)}, got the opposite`);
    listed += numbers.filter((number) => segment.has(number)).length;
    if (count !== out.reduce((total, one) => total + one, 0)) throw new Error('the count is another');
  }
  return { questions: asked.length, listed, blocks: built.blocks };
}

function changed(
  random: Random,
  changes: number,
  blocks: readonly Block[],
): { readonly builder: SnapshotBuilder; readonly oracle: ReadonlySet<number> } {
  const oracle = new Set<number>();
  const builder = new SnapshotBuilder();
  const removed = random.next();
  for (let change = 0; change < changes; change += 1) {
    const number = someNumber(random, blocks);
    const isRemoved = random.chance(removed);
    if (isRemoved) oracle.delete(number);
    else oracle.add(number);
    if (isRemoved) builder.remove(number);
    else builder.add(number);
  }
  return { builder, oracle };
}

function someNumber(random: Random, blocks: readonly Block[], endings?: number): number {
  const { prefix, reach } = random.pick(blocks);
  return prefix * ENDINGS + random.below(endings ?? reach);
}
