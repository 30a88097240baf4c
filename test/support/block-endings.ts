import { type Block, blockHas } from '../../lib/domain/registry/block.ts';

/** The endings in a block, ascending. */
export function blockEndings(block: Block): number[] {
  return Array.from({ length: 10_000 }, (_, ending) => ending).filter((ending) => blockHas(block, ending));
}
