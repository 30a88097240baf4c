import { createHash } from 'node:crypto';
import { ComplianceError } from '../errors.ts';
import { CsvReader, fieldOf } from '../scrub/csv-reader.ts';
import { fieldText } from '../scrub/csv-record.ts';
import { FileRejected } from '../scrub/defect.ts';
import { type AffectedRow, OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from './recipient-row.ts';

const KNOWN: readonly string[] = [...REQUIRED_COLUMNS, ...OPTIONAL_COLUMNS];
const LIMITS = { delimiter: ','.charCodeAt(0), maxBytes: 2_000_000_000 };

/**
 * The rows of a list of affected people, a page at a time. What was read is used only once the last page has come: until then
 * nobody knows whether these are the bytes that were released.
 *
 * @throws ComplianceError LIST_REFUSED with the line and the defect, LIST_CHANGED where it is not the list that was released.
 */
export async function* readAffected(
  source: AsyncIterable<Uint8Array>,
  sha256: string,
): AsyncGenerator<readonly AffectedRow[]> {
  const hash = createHash('sha256');
  const reader = new CsvReader(hashed(source, hash), LIMITS);
  try {
    const header = await reader.header();
    const names = Array.from({ length: header.bounds.length / 2 }, (_, at) => fieldText(fieldOf(header, at)));
    if (REQUIRED_COLUMNS.some((name) => !names.includes(name))) throw refused('MISSING_COLUMN in line 1');
    if (new Set(names).size < names.length) throw refused('DUPLICATE_HEADER in line 1');
    for await (const page of reader.pages(names.length)) {
      const records = Array.from({ length: page.count }, (_, at) => page.record(at));
      reader.release(page);
      yield records.map((record) => ({
        row: record.row,
        cells: new Map(
          names.flatMap((name, at) =>
            KNOWN.includes(name) ? [[name, textOf(fieldOf(record, at), record.line)] as const] : [],
          ),
        ),
      }));
    }
  } catch (error) {
    if (!(error instanceof FileRejected)) throw error;
    throw refused(`${error.rejection.cause} in line ${error.rejection.line ?? 1}`);
  } finally {
    await reader.close();
  }
  if (hash.digest('hex') !== sha256) {
    throw new ComplianceError({
      code: 'LIST_CHANGED',
      message: 'expected the list that was released, got other bytes; nobody was told',
    });
  }
}

function textOf(field: Uint8Array, line: number): string {
  try {
    return fieldText(field);
  } catch {
    throw refused(`INVALID_UTF8 in line ${line}`);
  }
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of source) {
    hash.update(chunk);
    yield chunk;
  }
}

function refused(defect: string): ComplianceError {
  return new ComplianceError({
    code: 'LIST_REFUSED',
    message: `expected a CSV list with the columns ${REQUIRED_COLUMNS.join(', ')}, got ${defect}; nobody was told`,
  });
}
