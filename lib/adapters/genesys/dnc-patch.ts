import * as z from 'zod';
import type { Refused } from '../../domain/dialler/dialler.ts';
import { ComplianceError } from '../../domain/errors.ts';
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

/** Codes by which Genesys Cloud says that there is no room for more of something. */
const FULL = new Set(['max.entity.count.reached']);
const NOT_SUPPORTED = 'dnc.source.operation.not.supported';

/**
 * Adds entries to a list or removes them, as many in one call as it takes. A call is refused whole, so what it says of a
 * single entry is found by halving.
 *
 * @returns the entries that the list will not take: LIST_FULL, or the code of the refusal.
 */
export async function patchEntries(deps: PatchDeps, patch: EntryPatch): Promise<readonly Refused[]> {
  const { kind, entries } = patch;
  if (entries.length > kind.atOnce) return await inHalves(deps, patch);
  if (entries.length === 0) return [];
  try {
    await send(deps, patch);
    return [];
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal?.status !== 400 || refusal.code === NOT_SUPPORTED) throw error;
    if (entries.length > 1) return await inHalves(deps, patch);
    return entries.map(({ token }) => ({ token, cause: causeOf(refusal) }));
  }
}

async function inHalves(deps: PatchDeps, patch: EntryPatch): Promise<readonly Refused[]> {
  const middle = Math.ceil(patch.entries.length / 2);
  const first = await patchEntries(deps, { ...patch, entries: patch.entries.slice(0, middle) });
  const second = await patchEntries(deps, { ...patch, entries: patch.entries.slice(middle) });
  return [...first, ...second];
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
  if (isLimit || FULL.has(code)) return 'LIST_FULL';
  return code.toUpperCase().replaceAll('.', '_');
}
