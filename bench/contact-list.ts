import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Random } from '../test/support/random.ts';
import { someAreaCode } from './registry-numbers.ts';

const ROWS_A_PIECE = 5000;

/** The column that holds the numbers. */
export const PHONE_COLUMN = 'Phone';

/** Writes a contact list of eight columns, about 119 bytes a row, with quotes, commas and line feeds inside cells. */
export async function writeContactList(path: string, rows: number): Promise<void> {
  await pipeline(Readable.from(pieces(rows)), createWriteStream(path));
}

function* pieces(rows: number): Generator<string> {
  const random = new Random(rows);
  yield `Id,First,Last,${PHONE_COLUMN},Mail,Note,City,Amount\n`;
  for (let row = 0; row < rows; ) {
    let piece = '';
    for (const end = Math.min(row + ROWS_A_PIECE, rows); row < end; row += 1) piece += line(random, row);
    yield piece;
  }
}

function line(random: Random, row: number): string {
  const note = `"called in ${2000 + (row % 25)}, said ""later""${row % 7 === 0 ? '\n' : ' '}by mail"`;
  return `L${row},Firstname,Lastname${row % 1000},${phone(random)},user${row}@example.com,${note},Springfield,${random.below(90_000)}.50\n`;
}

function phone(random: Random): string {
  const area = someAreaCode(random);
  const exchange = 200 + random.below(800);
  const end = String(random.below(10_000)).padStart(4, '0');
  return random.pick([
    `+1${area}${exchange}${end}`,
    `(${area}) ${exchange}-${end}`,
    `${area}-${exchange}-${end}`,
    `${area}${exchange}${end}`,
  ]);
}
