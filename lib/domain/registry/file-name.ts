import type { RegistryFile } from './registry-file.ts';

/** What the name of a registry's file says of it. */
export type NamedFile = Pick<RegistryFile, 'kind' | 'areaCode'> & {
  /** The registry's own date, midnight UTC. */
  readonly versionAt: number;
};

// The FTC's own names: 2026-8-5_818_<guid>.txt.zip. Without an area code it is the whole registry; a word "changes" or
// "delta" makes it a change list.
const NAME =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:_(\d{3})(?![A-Za-z0-9])|(?!_\d|[A-Za-z0-9]))(.*)\.(?:txt|csv|xml|zip)$/i;
const CHANGES = /(?:^|[^a-z])(?:changes?|delta)(?:[^a-z]|$)/i;

/** Reads a file's name; undefined if it does not begin with a date, or end as a list does. */
export function readFileName(name: string): NamedFile | undefined {
  const [, year = '', month = '', day = '', areaCode, words = ''] = NAME.exec(name) ?? [];
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const versionAt = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(versionAt) || new Date(versionAt).toISOString().slice(0, 10) !== iso) return undefined;
  return { versionAt, areaCode, kind: CHANGES.test(words) ? 'CHANGES' : 'FULL' };
}
