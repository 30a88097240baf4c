import { type Check, questionsOf } from './check.ts';

export const missingDataContacts: Check = {
  code: 'MISSING_DATA_CONTACTS',
  severity: 'LETS_THROUGH',
  means: 'a check that answers nothing, or without a decision, lets the contact be made',
  mend: 'run setup: "data not found" and "field missing" both resolve to true',
  find: (scene) =>
    questionsOf(scene)
      .filter(({ asks: { dataNotFoundResolution, predicates } }) => {
        return !(dataNotFoundResolution && predicates.every((one) => one.outputFieldMissingResolution));
      })
      .map(({ where }) => where),
};
