import type { Check } from './check.ts';

export const columnMissingInList: Check = {
  code: 'COLUMN_MISSING_IN_LIST',
  severity: 'WEAKENS',
  means:
    'the rule passes a column that the contact list does not have, or the list cannot be seen: what is checked is not what is contacted',
  mend: 'correct the campaign or its contact list, then run setup',
  find: ({ found, campaigns }) =>
    campaigns.flatMap(({ name, columns, contactListId, gates }) => {
      const list = found.contactLists.find(({ id }) => id === contactListId);
      if (list === undefined) return [`campaign ${name}: its contact list cannot be seen`];
      const passed = gates.flatMap(({ rules }) =>
        rules.flatMap(({ asks }) =>
          asks.flatMap(({ mappings }) => mappings.map((one) => one.contactColumnName)),
        ),
      );
      return [...new Set([...columns, ...passed])]
        .filter((column) => !list.columnNames.includes(column))
        .map((column) => `campaign ${name}, list ${list.name}: column ${column}`);
    }),
};
