import type { Exemption, Rule } from '../policy.ts';
import { evaluateCallingWindow } from './calling-window.ts';
import { evaluateConsentRequired, evaluateWrittenConsentRequired } from './consent-required.ts';
import { evaluateContactCap } from './contact-cap.ts';
import type { Finding, RuleContext } from './context.ts';
import { evaluateDayBan, evaluateEmergencyBan, evaluateHolidayBan } from './day-bans.ts';
import { isExempt } from './exemptions.ts';
import { evaluateFrequencyCap } from './frequency-cap.ts';
import { evaluateHold } from './hold.ts';
import { evaluateProductBan } from './product-ban.ts';
import { evaluateReassignedNumber } from './reassigned-number.ts';
import { evaluateRegistry, evaluateRegistryAge, evaluateRegistryCoverage } from './registry.ts';
import { evaluateRevocation, evaluateRevokeAll, evaluateSuppression } from './suppression.ts';

/** Asks one rule. No finding: the rule has nothing against the contact, or one of its exemptions holds. */
export function evaluate(rule: Rule, context: RuleContext): readonly Finding[] {
  const findings = ask(rule, context);
  if (findings.length === 0) return findings;
  // A suppression weighs each of its records against what is newer, so it asks for itself.
  const lifted = rule.kind !== 'suppression' && 'exemptions' in rule && isExempt(rule.exemptions, context);
  return lifted ? [] : findings;
}

/** The kinds of exemption that lift a rule which would block without them, each by itself. */
export function liftedBy(rule: Rule, context: RuleContext): readonly Exemption['kind'][] {
  if (rule.kind === 'suppression' || !('exemptions' in rule) || ask(rule, context).length === 0) return [];
  const { exemptions = [] } = rule;
  return exemptions.filter((exemption) => isExempt([exemption], context)).map(({ kind }) => kind);
}

function ask(rule: Rule, context: RuleContext): readonly Finding[] {
  switch (rule.kind) {
    case 'hold':
      return evaluateHold(rule, context);
    case 'suppression':
      return evaluateSuppression(rule, context);
    case 'revocation':
      return evaluateRevocation(rule, context);
    case 'revokeAll':
      return evaluateRevokeAll(rule, context);
    case 'registry':
      return evaluateRegistry(rule, context);
    case 'registryAge':
      return evaluateRegistryAge(rule, context);
    case 'registryCoverage':
      return evaluateRegistryCoverage(rule, context);
    case 'consentRequired':
      return evaluateConsentRequired(rule, context);
    case 'writtenConsentRequired':
      return evaluateWrittenConsentRequired(rule, context);
    case 'callingWindow':
      return evaluateCallingWindow(rule, context);
    case 'frequencyCap':
      return evaluateFrequencyCap(rule, context);
    case 'contactCap':
      return evaluateContactCap(rule, context);
    case 'reassignedNumber':
      return evaluateReassignedNumber(rule, context);
    case 'productBan':
      return evaluateProductBan(rule);
    case 'dayBan':
      return evaluateDayBan(rule, context);
    case 'holidayBan':
      return evaluateHolidayBan(rule, context);
    case 'emergencyBan':
      return evaluateEmergencyBan(rule, context);
  }
}
