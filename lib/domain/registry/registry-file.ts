import { ListLines } from './list-lines.ts';
import { emptyRegistry, type SnapshotBuilder } from './snapshot-builder.ts';
import type { RegistryVersion } from './version.ts';

/**
 * Reads a registry's full list, one number a line, into a builder.
 *
 * @throws ComplianceError BAD_REGISTRY_LINE, WRONG_AREA_CODE, EMPTY_REGISTRY
 */
export async function readRegistryFile(
  file: AsyncIterable<Uint8Array>,
  areaCodes: RegistryVersion['areaCodes'],
  builder: SnapshotBuilder,
): Promise<{ readonly lines: number }> {
  const list = new ListLines(builder, { areaCodes: areaCodes === 'ALL' ? undefined : new Set(areaCodes) });
  for await (const chunk of file) list.push(chunk);
  list.end();
  if (list.lines === 0) throw emptyRegistry();
  return { lines: list.lines };
}
