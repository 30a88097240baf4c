import type { Check } from './check.ts';

const BY_NUMBER = ['phoneNumberCondition', 'phoneNumberTypeCondition'];

/** https://help.mypurecloud.com/articles/pre-call-rules */
export const previewRuleNotEvaluated: Check = {
  code: 'PREVIEW_RULE_NOT_EVALUATED',
  severity: 'WEAKENS',
  means:
    'rules by phone number or its type are not evaluated for previews that are routed, where a contact has several numbers',
  mend: 'leave such rules to the check, or keep one column of numbers on the campaign',
  find: ({ campaigns }) =>
    campaigns
      .filter(({ dialingMode, columns }) => dialingMode === 'preview' && columns.length > 1)
      .flatMap(({ name, ruleSets }) =>
        ruleSets.flatMap((ruleSet) =>
          ruleSet.rules
            .filter(({ isBefore, otherConditions }) => {
              return isBefore && otherConditions.some((type) => BY_NUMBER.includes(type));
            })
            .map((rule) => `campaign ${name}, rule set ${ruleSet.name}, rule ${rule.name}`),
        ),
      ),
};
