import type { Check } from './check.ts';

/** Rules are processed from the lowest order to the highest, rule sets in the order of the campaign. */
export const ruleNotFirst: Check = {
  code: 'RULE_NOT_FIRST',
  severity: 'WEAKENS',
  means:
    'another rule acts before the check: it can change the columns that are checked, or how the contact is made',
  mend: 'run setup, which puts its rule set and its rules first',
  find: ({ campaigns, gatesInUse }) => [
    ...gatesInUse.flatMap(({ name, rules }) => {
      const before = rules.filter(({ isBefore }) => isBefore);
      const first = before.findIndex(({ asks }) => asks.length > 0);
      return before.slice(0, Math.max(0, first)).map((rule) => `rule set ${name}: rule ${rule.name}`);
    }),
    ...campaigns
      .filter(({ gates, ruleSetIds }) => gates.length > 0 && gates.every(({ id }) => id !== ruleSetIds[0]))
      .map(({ name }) => `campaign ${name}: another rule set`),
  ],
};
