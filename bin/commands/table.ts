import type { Cell, Table } from '../../lib/adapters/duckdb/log-database.ts';
import { reportLine } from '../../lib/domain/csv-report.ts';

/** A table as people read it in a terminal. */
export function tableLines({ columns, rows }: Table): readonly string[] {
  const texts = rows.map((row) => row.map((cell) => textOf(cell)));
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...texts.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...texts.map(line)];
}

/** A table for a spreadsheet. */
export function tableCsv({ columns, rows }: Table): string {
  const cells = (row: readonly Cell[]) => row.map((cell) => (typeof cell === 'number' ? cell : textOf(cell)));
  return [columns, ...rows.map(cells)].map(reportLine).join('');
}

/** A table for programs: an object for each row. */
export function tableObjects({ columns, rows }: Table): readonly Readonly<Record<string, Cell>>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at] ?? null])));
}

function textOf(cell: Cell): string {
  return cell === null ? '' : String(cell).replace(/\p{Cc}/gu, ' ');
}
