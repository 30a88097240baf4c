import type { Residency } from '../contact-point/residency.ts';
import type { UnreadableCause } from '../contact-point/unreadable.ts';
import { systemReason } from '../decision/reasons.ts';
import { type CellReading, type ContactReader, livingAt, type RowContact } from './contact-reader.ts';
import { type CsvRecord, fieldOf } from './csv-reader.ts';
import { fieldText } from './csv-record.ts';
import { FileRejected } from './defect.ts';
import type { Columns } from './header.ts';
import type { Ground } from './human-report.ts';

export type RowOutcome = 'APPROVED' | 'REJECTED' | 'QUARANTINED' | 'OTHER_REGION';

/** A row whose cells were read: it can be decided, or it is settled already and its contact points are not looked up. */
export type ReadRow =
  | { readonly record: CsvRecord; readonly contacts: readonly RowContact[] }
  | { readonly record: CsvRecord; readonly outcome: RowOutcome; readonly ground: Ground };

/**
 * Reads a row's contact points. One that cannot be read settles the row, since nobody can say whose it is; so does one
 * of another region, and a row that has none.
 *
 * @throws FileRejected INVALID_UTF8
 */
export function readRow(record: CsvRecord, columns: Columns, reader: ContactReader): ReadRow {
  const readings: CellReading[] = [];
  for (const position of columns.phone) {
    const text = cellText(record, position);
    if (text.trim() !== '') readings.push(reader.phone(text));
  }
  for (const position of columns.email) {
    const text = cellText(record, position);
    if (text.trim() !== '') readings.push(reader.email(text));
  }
  const contacts: RowContact[] = [];
  let elsewhere: Residency | undefined;
  for (const reading of readings) {
    if (reading.kind === 'unreadable') return quarantined(record, reading.cause);
    if (reading.kind === 'elsewhere') elsewhere = reading.residency;
    else contacts.push(reading);
  }
  if (elsewhere !== undefined) {
    const ground = { ...systemReason('WRONG_REGION'), ruleId: `residency:${elsewhere}` };
    return { record, outcome: 'OTHER_REGION', ground };
  }
  if (contacts.length === 0) return quarantined(record, 'NO_CONTACT_POINT');
  const cell = (position: number | undefined) =>
    (position === undefined ? '' : cellText(record, position).trim()) || undefined;
  const address = { state: cell(columns.state), postalCode: cell(columns.postalCode) };
  const isSilent = address.state === undefined && address.postalCode === undefined;
  return { record, contacts: isSilent ? contacts : contacts.map((contact) => livingAt(contact, address)) };
}

function quarantined(record: CsvRecord, cause: UnreadableCause | 'NO_CONTACT_POINT'): ReadRow {
  return { record, outcome: 'QUARANTINED', ground: { ...systemReason('UNREADABLE_INPUT'), code: cause } };
}

function cellText(record: CsvRecord, position: number): string {
  try {
    return fieldText(fieldOf(record, position));
  } catch {
    throw new FileRejected('INVALID_UTF8', { line: record.line, detail: `column ${position + 1}` });
  }
}
