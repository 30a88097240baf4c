import * as z from 'zod';
import type { Refused } from '../../domain/dialler/dialler.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { diallerMisconfigured } from '../dialler-misconfigured.ts';
import { type Refusal, refusalIn } from '../http/platform-api.ts';
import type { GenesysApi } from './cloud-api.ts';
import type { DncEntry, EntryKind } from './dnc-entries.ts';

export type EntryPatch = {
  /** Of the list. */
  readonly id: string;
  readonly kind: EntryKind;
  readonly action: 'Add' | 'Remove';
  readonly entries: readonly DncEntry[];
  readonly expiration?: string | undefined;
};

type PatchDeps = { readonly api: GenesysApi };

/** The code for a list of dnc.com's or Gryphon's, which only they can change. */
export const NOT_OURS = 'dnc.source.operation.not.supported';

const FULL = 'LIST_FULL';
/** Codes by which Genesys Cloud says that there is no room for more of something. */
const FULL_CODES = new Set(['max.entity.count.reached']);
/** Its numbers are numbers: where it refuses one after another, the list is not what it was taken for. */
const MOST_REFUSED = 10;

/**
 * Adds entries to a list or removes them, as many in one call as it takes. A call is refused whole, so what it says of a
 * single entry is found by halving; once there is no room for one, there is none for those after it.
 *
 * @returns the entries that the list will not take: LIST_FULL, or the code of the refusal.
 */
export async function patchEntries(deps: PatchDeps, patch: EntryPatch): Promise<readonly Refused[]> {
  const { kind, entries } = patch;
  const refused: Refused[] = [];
  const waiting = partsOf(entries, kind.atOnce);
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const refusal = await refusalOf(deps, { ...patch, entries: part });
    if (refusal === undefined) continue;
    const cause = causeOf(refusal);
    if (part.length > 1) waiting.unshift(...partsOf(part, Math.ceil(part.length / 2)));
    else if (cause === FULL) return [...refused, ...refusedBy(FULL, [...part, ...waiting.flat()])];
    else refused.push(...refusedBy(cause, part));
    if (refused.length > MOST_REFUSED)
      throw diallerMisconfigured(`${refusal.status} came for one entry after another (${cause})`);
  }
  return refused;
}

/** What it says of the entries as they are; undefined where it has taken them. */
async function refusalOf(deps: PatchDeps, patch: EntryPatch): Promise<Refusal | undefined> {
  try {
    await send(deps, patch);
    return undefined;
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.status === 400 && refusal.code !== NOT_OURS) return refusal;
    throw error;
  }
}

/** What was removed to be added again is off the list until that is done, so that is tried once more on the spot. */
async function send(
  { api }: PatchDeps,
  { id, kind, action, entries, expiration }: EntryPatch,
): Promise<void> {
  const body = {
    action,
    [kind.field]: entries.map(({ address }) => address),
    ...(expiration === undefined ? {} : { expirationDateTime: expiration }),
  };
  const path = `/api/v2/outbound/dnclists/${id}/${kind.path}`;
  const call = { method: 'PATCH', path, body } as const;
  try {
    await api.send(call, z.unknown());
  } catch (error) {
    if (action === 'Remove' || !isUncertain(error)) throw error;
    await api.send(call, z.unknown());
  }
}

/** Whether a call may have been carried out and may not. */
export function isUncertain(error: unknown): boolean {
  return error instanceof ComplianceError && error.code === 'GENESYS_UNCERTAIN';
}

function causeOf({ code = 'NOT_TAKEN', isLimit }: Refusal): string {
  if (isLimit || FULL_CODES.has(code)) return FULL;
  return code.toUpperCase().replaceAll('.', '_');
}

function refusedBy(cause: string, entries: readonly DncEntry[]): readonly Refused[] {
  return entries.map(({ token }) => ({ token, cause }));
}

function partsOf(entries: readonly DncEntry[], size: number): (readonly DncEntry[])[] {
  const count = Math.ceil(entries.length / size);
  return Array.from({ length: count }, (_, at) => entries.slice(at * size, (at + 1) * size));
}
