import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import { ScrubProfile } from '../../lib/domain/scrub/profile.ts';
import type { Connection } from './connection.ts';

/** The path of a file of the sample that fits the deployment's region. */
export function samplePath({ endpoints }: Connection, name: string): string {
  return fileURLToPath(
    new URL(`../../lib/local/sample/${endpoints.residency.toLowerCase()}/${name}`, import.meta.url),
  );
}

/** The profile of the sample list. */
export function sampleProfile(connection: Connection): ScrubProfile {
  return ScrubProfile.parse(JSON.parse(readFileSync(samplePath(connection, 'profile.json'), 'utf8')));
}

/** The contacts of the sample list, by column. */
export function sampleRows(connection: Connection): readonly Record<string, string>[] {
  return rowsOf(readFileSync(samplePath(connection, 'leads.csv'), 'utf8'), sampleProfile(connection));
}

/** The first number in the profile's first column of numbers. Throws where no row has one. */
export function firstNumber(csv: string, profile: ScrubProfile): string {
  const cells = rowsOf(csv, profile).map((row) => row[profile.phoneColumns[0] ?? '']);
  const number = cells.find((cell) => cell !== undefined && cell !== '');
  if (number === undefined)
    throw new Error('no approved row is left of the sample; start again with --fresh');
  return number;
}

function rowsOf(csv: string, { delimiter }: ScrubProfile): readonly Record<string, string>[] {
  return z.array(z.record(z.string(), z.string())).parse(parse(csv, { columns: true, bom: true, delimiter }));
}
