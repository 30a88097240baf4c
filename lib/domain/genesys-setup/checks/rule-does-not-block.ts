import type { GateRule } from '../gates.ts';
import type { Check } from './check.ts';

/** The conditions of a rule are joined by AND: each further one is a way past it. */
export const ruleDoesNotBlock: Check = {
  code: 'RULE_DOES_NOT_BLOCK',
  severity: 'LETS_THROUGH',
  means: 'the rule is not evaluated before each contact, or does not keep it from being made',
  mend: 'run setup: category pre-call, one condition that is not inverted, action DO_NOT_DIAL (do not send)',
  find: ({ gatesInUse }) =>
    gatesInUse.flatMap(({ name, rules }) => {
      const asking = rules.filter(({ asks }) => asks.length > 0);
      if (asking.length === 0) return [`rule set ${name}: no rule asks the check`];
      return asking.flatMap((rule) =>
        faultsOf(rule).map((fault) => `rule set ${name}, rule ${rule.name}: ${fault}`),
      );
    }),
};

function faultsOf({ isBefore, blocks, otherConditions, asks }: GateRule): string[] {
  return [
    ...(isBefore ? [] : ['is not evaluated before the contact']),
    ...(blocks ? [] : ['does not block']),
    ...(asks.some(({ inverted }) => inverted) ? ['its condition is inverted'] : []),
    ...(asks.length > 1 || otherConditions.length > 0 ? ['acts only under a further condition'] : []),
  ];
}
