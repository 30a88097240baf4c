import * as z from 'zod';
import { sha256Hex } from '../canonical-json.ts';
import { localMoment } from '../policy/local-time.ts';

/** What Genesys Multicloud CX does with the people of a file: https://all.docs.genesys.com/GDPR */
export const SubmissionType = z.enum(['FORGET', 'EXPORT']);
export type SubmissionType = z.infer<typeof SubmissionType>;

export type SubmissionName = {
  readonly type: SubmissionType;
  /** ISO 8601 date: a file is processed on this day alone. */
  readonly day: string;
};

const NAME = /^(forget|export)-(\d{4})(\d\d)(\d\d)_([A-Za-z0-9]{1,32})\.json$/;
const SUFFIX = /\.json$/;

/** Reads the name of a submitted file; undefined if it is not named as the format asks. */
export function readSubmissionName(name: string): SubmissionName | undefined {
  const [, prefix, year, month, date] = NAME.exec(name) ?? [];
  if (prefix === undefined) return undefined;
  const day = z.iso.date().safeParse(`${year}-${month}-${date}`).data;
  const type = prefix === 'forget' ? 'FORGET' : 'EXPORT';
  return day === undefined ? undefined : { type, day };
}

/**
 * The name of a file that is uploaded at `now` (epoch milliseconds), by the clock of `zone` (IANA): its date must be the
 * day of the upload where it is picked up. Six digits that follow from `what` make it unique, since files of one run share
 * their second.
 */
export function submissionName(
  { type, what }: { readonly type: SubmissionType; readonly what: string },
  now: number,
  zone: string,
): string {
  const { date } = localMoment(zone, now);
  const digits = String(Number.parseInt(sha256Hex(what).slice(0, 12), 16) % 1_000_000).padStart(6, '0');
  return `${type.toLowerCase()}-${date.replaceAll('-', '')}_${digits}.json`;
}

/** The name of the file that says what became of each device of the file `name`. */
export function executionLogName(name: string): string {
  return `${name.replace(SUFFIX, '')}-execution-log.json`;
}

/** The name of the archive that holds what the export file `name` found. */
export function archiveName(name: string): string {
  return `${name.replace(SUFFIX, '')}-archive.zip`;
}
