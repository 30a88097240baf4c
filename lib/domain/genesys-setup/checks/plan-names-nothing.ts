import type { Check } from './check.ts';

export const planNamesNothing: Check = {
  code: 'PLAN_NAMES_NOTHING',
  severity: 'WEAKENS',
  means: 'what the plan speaks of was renamed or removed, and is not held to it',
  mend: 'correct the plan, at best by id',
  find: ({ wanted }) => wanted.problems,
};
