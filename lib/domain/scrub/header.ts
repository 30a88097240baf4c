import { type CsvRecord, fieldOf } from './csv-reader.ts';
import { fieldText, scanRecord } from './csv-record.ts';
import { FileRejected } from './defect.ts';
import { declaredColumns, type ScrubProfile } from './profile.ts';

/** Where a file's columns are, by position from 0. */
export type Columns = {
  readonly names: readonly string[];
  readonly phone: readonly number[];
  readonly email: readonly number[];
  /** The column with the state of the called party. */
  readonly state: number | undefined;
  /** The column with the postal code. */
  readonly postalCode: number | undefined;
  /** Columns of which nothing was declared: they must hold no contact points. */
  readonly undeclared: readonly number[];
};

const DELIMITERS = [',', ';', '\t', '|'];

// Names that are members of every JavaScript object would reach into the prototype of whoever reads rows as objects.
const RESERVED: ReadonlySet<string> = new Set([
  'prototype',
  ...Object.getOwnPropertyNames(Object.prototype).map(folded),
]);

/**
 * Finds the profile's columns in a header. Names are compared exactly.
 *
 * @throws FileRejected INVALID_UTF8, DUPLICATE_HEADER, HOSTILE_HEADER, WRONG_DELIMITER or MISSING_COLUMN
 */
export function readHeader(header: CsvRecord, profile: ScrubProfile): Columns {
  const names = namesIn(header);
  refuseUnusable(names);
  const declared = declaredColumns(profile);
  const missing = declared.filter((name) => !names.includes(name));
  if (missing.length > 0) throw missingColumns(header, profile, missing);
  const at = (wanted: readonly string[]) => wanted.map((name) => names.indexOf(name));
  const atOnly = (wanted: string | undefined) => (wanted === undefined ? undefined : names.indexOf(wanted));
  return {
    names,
    phone: at(profile.phoneColumns),
    email: at(profile.emailColumns),
    state: atOnly(profile.stateColumn),
    postalCode: atOnly(profile.postalCodeColumn),
    undeclared: names.flatMap((name, position) => (declared.includes(name) ? [] : [position])),
  };
}

function namesIn(header: Pick<CsvRecord, 'raw' | 'bounds'>): readonly string[] {
  return Array.from({ length: header.bounds.length / 2 }, (_, position) => {
    try {
      return fieldText(fieldOf(header, position));
    } catch {
      throw new FileRejected('INVALID_UTF8', { line: 1, detail: `column ${position + 1}` });
    }
  });
}

function refuseUnusable(names: readonly string[]): void {
  const positions = new Map<string, number>();
  for (const [position, name] of names.entries()) {
    const key = folded(name);
    if (RESERVED.has(key))
      throw new FileRejected('HOSTILE_HEADER', { line: 1, detail: `column ${position + 1}` });
    const twin = positions.get(key);
    if (twin !== undefined) {
      throw new FileRejected('DUPLICATE_HEADER', {
        line: 1,
        detail: `columns ${twin + 1} and ${position + 1}`,
      });
    }
    positions.set(key, position);
  }
}

function missingColumns(header: CsvRecord, profile: ScrubProfile, missing: readonly string[]): FileRejected {
  const declared = declaredColumns(profile);
  const other = DELIMITERS.filter((delimiter) => delimiter !== profile.delimiter).find((delimiter) => {
    const names = namesSplitAt(header, delimiter);
    return declared.every((name) => names.includes(name));
  });
  if (other !== undefined) {
    const [got, expected] = [JSON.stringify(other), JSON.stringify(profile.delimiter)];
    return new FileRejected('WRONG_DELIMITER', { line: 1, detail: `expected ${expected}, got ${got}` });
  }
  return new FileRejected('MISSING_COLUMN', {
    line: 1,
    detail: missing.map((name) => JSON.stringify(name)).join(', '),
  });
}

function namesSplitAt({ raw }: CsvRecord, delimiter: string): readonly string[] {
  const bounds: number[] = [];
  const found = scanRecord({ bytes: raw, delimiter: delimiter.charCodeAt(0), isLast: true }, bounds);
  return found.kind === 'record' ? namesIn({ raw, bounds }) : [];
}

function folded(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}
