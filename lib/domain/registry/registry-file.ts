import { ComplianceError } from '../errors.ts';
import { ChangeLines } from './change-lines.ts';
import { type ListForm, ListLines, type NationalForm } from './list-lines.ts';
import { ListXml, type XmlForm } from './list-xml.ts';
import { emptyRegistry, type SnapshotBuilder } from './snapshot-builder.ts';

/** One file of a registry, unpacked. */
export type RegistryFile = {
  /** A full list, or what changed since the version in use. */
  readonly kind: 'FULL' | 'CHANGES';
  /** The one area code that it is about; undefined: all that the subscription covers. */
  readonly areaCode?: string | undefined;
  /** How many lines it must have, where that is known. */
  readonly lines?: number | undefined;
  open(): AsyncIterable<Uint8Array>;
};

/** How the lists of a registry are written. */
export type FileForm = { readonly national?: NationalForm | undefined; readonly xml?: XmlForm | undefined };

/** More would be no telephone numbers: there are about 8 billion in the North American plan, 259 million listed. */
const MOST_LINES = 1_000_000_000;
const LESS_THAN = 0x3c;
const BOM = [0xef, 0xbb, 0xbf];

type Reader = { readonly lines: number; push(chunk: Uint8Array): void; end(): void };

/**
 * Reads a file into a builder: a full list in lines or XML, by its first character, or a change list in lines.
 *
 * @returns how many numbers it named.
 * @throws ComplianceError BAD_REGISTRY_LINE, BAD_XML, WRONG_AREA_CODE, NOT_FOR_THIS_VERSION, EMPTY_REGISTRY,
 * WRONG_COUNT, and whatever the file throws while it is unpacked.
 */
export async function readRegistryFile(
  file: RegistryFile,
  form: ListForm & FileForm,
  builder: SnapshotBuilder,
): Promise<number> {
  let reader: Reader | undefined;
  for await (const chunk of file.open()) {
    const bytes = reader === undefined ? withoutBom(chunk) : chunk;
    reader ??= readerFor(file, form, { builder, first: bytes[0] });
    reader.push(bytes);
    if (reader.lines > MOST_LINES) throw wrongCount(`at most ${MOST_LINES}`, 'more');
  }
  reader?.end();
  const lines = reader?.lines ?? 0;
  if (lines === 0) throw emptyRegistry();
  if (file.lines !== undefined && file.lines !== lines) throw wrongCount(file.lines, lines);
  return lines;
}

function readerFor(
  { kind }: RegistryFile,
  form: ListForm & FileForm,
  { builder, first }: { readonly builder: SnapshotBuilder; readonly first: number | undefined },
): Reader {
  if (kind === 'CHANGES') return new ChangeLines(builder, form);
  return first === LESS_THAN ? new ListXml(builder, form, form.xml) : new ListLines(builder, form);
}

function withoutBom(chunk: Uint8Array): Uint8Array {
  return BOM.every((byte, at) => chunk[at] === byte) ? chunk.subarray(BOM.length) : chunk;
}

function wrongCount(expected: number | string, got: number | string): ComplianceError {
  return new ComplianceError({
    code: 'WRONG_COUNT',
    message: `expected ${expected} numbers in the file, got ${got}; nothing was imported`,
  });
}
