/**
 * Every reason a contact can be blocked for, in order of dominance: the first that applies is the answer's `reason`.
 * The sentence is what an agent or an officer reads.
 */
export const REASONS = {
  UNREADABLE_INPUT: 'No phone number or e-mail address could be made out.',
  INVALID_REQUEST: 'The request is missing or misstates something that the decision needs.',
  WRONG_REGION: 'The contact point belongs to another residency region, which alone may decide.',
  NO_RULE: 'The policy says nothing about such a contact, so it does not permit it.',
  LITIGATION_HOLD: 'A litigation hold stands on this contact point.',
  SUPPRESSED: 'The person asked not to be contacted, or the operator decided so.',
  CONSENT_WITHDRAWN: 'Consent was withdrawn, or the person objected.',
  NUMBER_REASSIGNED: 'The number was given to somebody else, who has consented to nothing since.',
  REGISTRY_LISTED: 'The number is on a do-not-call registry.',
  REGISTRY_UNAVAILABLE: 'No version of the registry that must be consulted is loaded.',
  REGISTRY_STALE: 'The registry version is older than the law permits for this contact.',
  REGISTRY_NOT_COVERED: 'The number lies outside the registry subscription.',
  CONSENT_MISSING: 'Consent is required and was never given.',
  CONSENT_PENDING: 'Consent is required and has not been confirmed yet.',
  CONSENT_EXPIRED: 'Consent is required and has lapsed.',
  PRODUCT_BANNED: 'What is offered may not be offered so, or nobody said what it is.',
  LOCATION_UNKNOWN: 'The local time, or the state, of the called party cannot be told.',
  DECLARED_EMERGENCY: 'An emergency is declared where the called party can be.',
  PUBLIC_HOLIDAY: 'It is a holiday on which no such contact is permitted.',
  DAY_NOT_PERMITTED: 'No such contact is permitted on this day of the week.',
  OUTSIDE_CALLING_HOURS: 'It is outside the permitted hours somewhere the called party can be.',
  FREQUENCY_CAP: 'As many attempts as are permitted were made within the time that counts.',
  RECENT_CONVERSATION: 'The person was spoken with too recently to be called again.',
  UNAVAILABLE: 'The store did not answer in time; nothing is said about the person.',
  AUDIT_UNAVAILABLE: 'The decision could not be recorded in time, or records reach the log too late.',
  AUDIT_BACKLOG: 'Too many records of this contact point wait for the log.',
} as const;

export type ReasonCode = keyof typeof REASONS;

/** Position in the order of dominance, 0 first. */
export function dominance(code: ReasonCode): number {
  return ORDER.indexOf(code);
}

const ORDER: readonly string[] = Object.keys(REASONS);

/** One ground for a BLOCK. Rules of the policy give `ruleId` and `citation`; the system's own grounds leave them empty. */
export type Reason = { readonly code: ReasonCode; readonly ruleId: string; readonly citation: string };

/** A reason that no rule of the policy states: unreadable input, another region, a failing store. */
export function systemReason(code: ReasonCode): Reason {
  return { code, ruleId: '', citation: '' };
}
