import type { DialerRule } from '../organization.ts';
import type { Check } from './check.ts';

/** https://help.mypurecloud.com/articles/about-wrap-up-rules */
export const callbackAfterOptOut: Check = {
  code: 'CALLBACK_AFTER_OPT_OUT',
  severity: 'WEAKENS',
  means: 'an opt-out has a callback scheduled, which the check before that call alone can stop',
  mend: 'take the opt-out codes out of the wrap-up rule',
  find: ({ found, campaigns, wanted, optOutWrapUpCodes }) => {
    const codes = [
      ...optOutWrapUpCodes,
      ...wanted.wrapUpCodes.flatMap(({ id }) => (id === undefined ? [] : [id])),
    ];
    const inUse = new Set(campaigns.flatMap(({ ruleSetIds }) => ruleSetIds));
    return found.ruleSets
      .filter(({ id }) => inUse.has(id))
      .flatMap(({ name, rules }) =>
        rules
          .filter((rule) => callsBack(rule) && codes.some((code) => firesOn(rule, code)))
          .map((rule) => `rule set ${name}, rule ${rule.name}`),
      );
  },
};

function callsBack({ category, actions }: DialerRule): boolean {
  return category === 'DIALER_WRAPUP' && actions.some((one) => one.actionTypeName === 'SCHEDULE_CALLBACK');
}

/** Conditions are joined by AND; what the others ask may hold. */
function firesOn({ conditions }: DialerRule, code: string): boolean {
  const wrapUps = conditions.filter(({ type }) => type === 'wrapupCondition');
  return wrapUps.length > 0 && wrapUps.every(({ codes, inverted }) => codes.includes(code) !== inverted);
}
