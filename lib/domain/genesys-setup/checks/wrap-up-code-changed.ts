import type { Check } from './check.ts';

/** Events carry the id of a wrap-up code, never its name. */
export const wrapUpCodeChanged: Check = {
  code: 'WRAP_UP_CODE_CHANGED',
  severity: 'LETS_THROUGH',
  means: 'agents give a wrap-up code that the deployment does not take for an opt-out: it is not recorded',
  mend: 'set optOutWrapUpCodes in cdk.json to the line that setup prints, and deploy',
  find: ({ found, wanted, optOutWrapUpCodes }) => [
    ...wanted.wrapUpCodes
      .filter(({ id }) => id === undefined)
      .map(({ name }) => `no one wrap-up code is called ${name}`),
    ...wanted.wrapUpCodes
      .filter(({ id }) => id !== undefined && !optOutWrapUpCodes.includes(id))
      .map(({ name, id }) => `${name} is ${id}, which optOutWrapUpCodes does not name`),
    ...optOutWrapUpCodes
      // The dialler's own codes are words, and in no list.
      .filter((id) => /^[0-9a-f-]{36}$/i.test(id) && !found.wrapUpCodes.some((code) => code.id === id))
      .map((id) => `optOutWrapUpCodes names ${id}, which is none`),
  ],
};
