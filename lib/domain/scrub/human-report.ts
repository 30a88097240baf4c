import { reportLine } from '../csv-report.ts';
import type { Reason } from '../decision/reasons.ts';
import { type CsvRecord, fieldOf } from './csv-reader.ts';
import { readableFieldText } from './csv-record.ts';
import type { Columns } from './header.ts';

/** Why a row is in a report. */
export type Ground = Pick<Reason, 'ruleId' | 'citation'> & { readonly code: string };

const OWN_COLUMNS = [
  'dialguard_row',
  'dialguard_line',
  'dialguard_reason',
  'dialguard_rule',
  'dialguard_citation',
];
const FEWEST_DIGITS_TO_SHOW_TWO = 7;

/** The head of a report that people open in a spreadsheet: what was found, then the list's own columns. */
export function reportHeader({ names }: Columns): string {
  return reportLine([...OWN_COLUMNS, ...names]);
}

/** One row of such a report. Phone numbers keep their last two digits, addresses nothing. */
export function reportRow(record: CsvRecord, ground: Ground, columns: Columns): string {
  const cells = columns.names.map((_name, position) => {
    const text = readableFieldText(fieldOf(record, position));
    if (columns.phone.includes(position)) return maskedPhone(text);
    return columns.email.includes(position) ? maskedEmail(text) : text;
  });
  return reportLine([
    String(record.row),
    String(record.line),
    ground.code,
    ground.ruleId,
    ground.citation,
    ...cells,
  ]);
}

function maskedPhone(text: string): string {
  if (text.trim() === '') return text;
  const digits = text.replace(/\D/g, '');
  return digits.length >= FEWEST_DIGITS_TO_SHOW_TWO ? `********${digits.slice(-2)}` : '***';
}

function maskedEmail(text: string): string {
  return text.trim() === '' ? text : '***';
}
