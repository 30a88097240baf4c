import { ComplianceError } from '../../errors.ts';
import type { PolicyDocument, Rule } from '../policy.ts';
import { UNITED_STATES } from './us-federal.ts';

const PHONE_CHANNELS: Rule['channels'] = ['VOICE', 'SMS'];
const CITATION = 'FCC 26-67 (adopted 30 September 2026)';
const NOTE =
  'From secondary sources; not seen published. A request that does not say what it answers ends everything, and so does every means of asking, whatever means the seller has designated.';

/**
 * The variant of a policy in which FCC 26-67 is in effect from a day on (ISO 8601, UTC): in the United States a request
 * that answered contact for one purpose ends that purpose alone, and one about marketing ends it on every channel.
 * Everywhere else, and until that day, nothing changes.
 *
 * @throws ComplianceError UNKNOWN_POLICY where the document lacks the rules that it would change.
 */
export function withFcc2667(document: PolicyDocument, from: string): PolicyDocument {
  const asked = ruleOf(document, 'company-do-not-contact', 'suppression');
  const revokeAll = ruleOf(document, 'us-revoke-all', 'revokeAll');
  const common = { citation: CITATION, mark: 'S' as const, effectiveFrom: from, contested: true, note: NOTE };
  const { note: _ofOneRule, ...lasting } = asked;
  const asUsual = { ...lasting, channels: PHONE_CHANNELS, effectiveFrom: from };
  const superseded: readonly Rule[] =
    revokeAll.effectiveFrom < from ? [{ ...revokeAll, effectiveTo: from }] : [];
  const replaced: Readonly<Record<string, readonly Rule[]>> = {
    [asked.id]: [
      { ...asked, effectiveTo: from },
      { ...asUsual, id: 'company-do-not-contact-email', channels: ['EMAIL'] },
      { ...asUsual, id: 'company-do-not-contact-abroad', jurisdiction: { except: UNITED_STATES } },
      {
        ...asked,
        ...common,
        id: 'us-do-not-contact-as-asked',
        jurisdiction: { countries: UNITED_STATES },
        channels: PHONE_CHANNELS,
        reach: 'AS_ASKED',
      },
    ],
    [revokeAll.id]: [
      ...superseded,
      { ...revokeAll, ...common, id: 'us-revoke-all-marketing', purposes: ['MARKETING'] },
    ],
  };
  return {
    version: `${document.version}-fcc-26-67`,
    rules: document.rules.flatMap((rule) => replaced[rule.id] ?? [rule]),
  };
}

function ruleOf<K extends Rule['kind']>({ rules }: PolicyDocument, id: string, kind: K) {
  const found = rules.find(
    (rule): rule is Extract<Rule, { kind: K }> => rule.id === id && rule.kind === kind,
  );
  if (found === undefined) {
    throw new ComplianceError({
      code: 'UNKNOWN_POLICY',
      message: `expected a rule ${id} of kind ${kind} to put FCC 26-67 beside, got none; nothing was changed`,
    });
  }
  return found;
}
