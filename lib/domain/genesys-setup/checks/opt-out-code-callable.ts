import { isUncallable } from '../wrap-up-mapping.ts';
import type { Check } from './check.ts';

/** A contact whose wrap-up code leaves it callable comes back with the next recycle. */
export const optOutCodeCallable: Check = {
  code: 'OPT_OUT_CODE_CALLABLE',
  severity: 'WEAKENS',
  means: 'contacts that opted out stay callable in their list, and come back with the next recycle',
  mend: 'run setup, which marks them Number_UnCallable',
  find: ({ found, wanted }) =>
    wanted.wrapUpCodes
      .filter(({ id }) => id !== undefined && !isUncallable(found.wrapUpCodeMapping, id))
      .map(({ name }) => `wrap-up code ${name}`),
};
