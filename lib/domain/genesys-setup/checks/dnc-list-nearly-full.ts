import type { Check } from './check.ts';

/** Entries that a list can have. */
const MOST = 1_000_000;
const NEARLY = 0.9 * MOST;

export const dncListNearlyFull: Check = {
  code: 'DNC_LIST_NEARLY_FULL',
  severity: 'WEAKENS',
  means: 'the list takes no more than 1,000,000 entries: opt-outs beyond them are refused',
  mend: 'add another list to the dialler and to the plan, and run setup',
  find: ({ found, campaigns }) => {
    const inUse = new Set(campaigns.flatMap(({ dncListIds }) => dncListIds));
    return found.dncLists
      .filter(({ id, size = 0 }) => inUse.has(id) && size >= NEARLY)
      .map(({ name, size = 0 }) => `list ${name}: ${size.toLocaleString('en')} entries`);
  },
};
