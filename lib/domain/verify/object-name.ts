import { readTileKey, type TileName } from './tile-name.ts';

/** What lies under a key of the log (docs/log-format.md, Objects). */
export type ObjectName =
  | { readonly kind: 'ENTRIES'; readonly first: number; readonly hour: number }
  | { readonly kind: 'TILE'; readonly tile: TileName }
  | { readonly kind: 'CHECKPOINT'; readonly size: number; readonly idleHour: number }
  | { readonly kind: 'POLICY'; readonly hash: string }
  | { readonly kind: 'POINTER' | 'VKEY' | 'EVIDENCE' };

export const HOUR_MS = 3_600_000;
export const POINTER = 'checkpoint';
export const VKEY = 'vkey';
/** The hour of a checkpoint that is the first of its size: before every real one. */
export const NOT_IDLE = -1;

const ENTRIES = /^entries\/dt=(\d{4}-\d\d-\d\d)\/hh=(\d\d)\/(\d{12,15})\.ndjson\.gz$/;
const CHECKPOINT = /^checkpoints\/(0|[1-9]\d{0,14})(?:\.idle\/(\d{4}-\d\d-\d\d)T(\d\d))?$/;
const POLICY = /^policies\/([0-9a-f]{64})\.json$/;
const EVIDENCE = /^evidence\/[A-Za-z0-9._-]+\.ndjson\.gz$/;

/** Reads a key; undefined if no object of the log is named so. Hours are epoch milliseconds of their beginning. */
export function readObjectName(key: string): ObjectName | undefined {
  if (key === POINTER) return { kind: 'POINTER' };
  if (key === VKEY) return { kind: 'VKEY' };
  if (EVIDENCE.test(key)) return { kind: 'EVIDENCE' };
  const [, hash] = POLICY.exec(key) ?? [];
  if (hash !== undefined) return { kind: 'POLICY', hash };
  const tile = readTileKey(key);
  if (tile !== undefined) return { kind: 'TILE', tile };
  return readEntriesKey(key) ?? readCheckpointKey(key);
}

function readEntriesKey(key: string): ObjectName | undefined {
  const [, day = '', hh = '', first = ''] = ENTRIES.exec(key) ?? [];
  const hour = hourAt(day, hh);
  const name = { first: Number(first), hour };
  return hour >= 0 && entriesKey(name) === key ? { kind: 'ENTRIES', ...name } : undefined;
}

function readCheckpointKey(key: string): ObjectName | undefined {
  const [, size, day, hh = ''] = CHECKPOINT.exec(key) ?? [];
  if (size === undefined) return undefined;
  const name = { size: Number(size), idleHour: day === undefined ? NOT_IDLE : hourAt(day, hh) };
  return checkpointKey(name) === key ? { kind: 'CHECKPOINT', ...name } : undefined;
}

export function entriesKey({ first, hour }: { readonly first: number; readonly hour: number }): string {
  const [day, hh] = hourText(hour);
  return `entries/dt=${day}/hh=${hh}/${String(first).padStart(12, '0')}.ndjson.gz`;
}

export function checkpointKey({
  size,
  idleHour,
}: {
  readonly size: number;
  readonly idleHour: number;
}): string {
  return idleHour === NOT_IDLE
    ? `checkpoints/${size}`
    : `checkpoints/${size}.idle/${hourText(idleHour).join('T')}`;
}

export function policyKeyOf(hash: string): string {
  return `policies/${hash}.json`;
}

/** The beginning of the UTC hour of a moment, both in epoch milliseconds. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

function hourText(hour: number): readonly [string, string] {
  const at = new Date(hour).toISOString();
  return [at.slice(0, 10), at.slice(11, 13)];
}

/** -1 of what is no hour. */
function hourAt(day: string, hh: string): number {
  const at = Date.parse(`${day}T${hh}:00:00Z`);
  return Number.isNaN(at) ? -1 : at;
}
