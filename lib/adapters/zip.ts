import { strToU8, zipSync } from 'fflate';

/** The first moment that a zip archive can name: the same files give the same bytes, whenever they are packed. */
export const ZIP_EPOCH = '1980-01-01T00:00:00';

/** A small archive in memory: texts by name. */
export function createZip(files: Readonly<Record<string, string>>): Uint8Array {
  const contents = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  return zipSync(Object.fromEntries(contents), { mtime: ZIP_EPOCH });
}
