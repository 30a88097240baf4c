import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { areaCodeOf } from '../../lib/domain/contact-point/nanp.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { type Residency, residencyOf } from '../../lib/domain/contact-point/residency.ts';
import { isKnownState } from '../../lib/domain/contact-point/time-zones.ts';
import { type Pepper, type Token, tokenOf } from '../../lib/domain/contact-point/token.ts';
import { whereaboutsOf } from '../../lib/domain/contact-point/whereabouts.ts';
import { type Reason, systemReason } from '../../lib/domain/decision/reasons.ts';
import type { Subject } from '../../lib/domain/policy/rules/context.ts';
import type { CheckInput } from './event.ts';

/** A contact point of the request, ready to decide about. */
export type CheckSubject = Subject & { readonly token: Token; readonly phone?: PhoneNumber };

/** ISO 3166-1 keeps ZZ for users: a country that no rule names, so that the rules for all others apply. */
const UNKNOWN_COUNTRY = 'ZZ';

/**
 * The contact points that the channel of the request reaches, each once, or the reason why it cannot be said which
 * they are. Nothing is stored or looked up before every one of them is known to belong to this region.
 */
export function subjectsOf(
  input: CheckInput,
  here: { readonly residency: Residency; readonly pepper: Pepper },
): { readonly subjects: readonly CheckSubject[] } | { readonly blockedBy: Reason } {
  if (input.calledPartyRegion !== undefined && !isKnownState(input.calledPartyRegion)) {
    return { blockedBy: systemReason('INVALID_REQUEST') };
  }
  const read = input.channel === 'EMAIL' ? emailOf(input, here) : phonesOf(input, here.pepper);
  if (read.includes('NOWHERE')) return { blockedBy: systemReason('INVALID_REQUEST') };
  if (read.length === 0 || read.includes(undefined)) return { blockedBy: systemReason('UNREADABLE_INPUT') };
  const subjects = [
    ...new Map(read.flatMap((one) => (typeof one === 'object' ? [[one.token, one]] : []))).values(),
  ];
  const elsewhere = subjects
    .map(({ residency }) => residency)
    .find((residency) => residency !== here.residency);
  return elsewhere === undefined
    ? { subjects }
    : { blockedBy: { ...systemReason('WRONG_REGION'), ruleId: `residency:${elsewhere}` } };
}

type Resident = CheckSubject & { readonly residency: Residency };

/** Undefined: unreadable. `NOWHERE`: the address is none. */
type Reading = Resident | 'NOWHERE' | undefined;

function phonesOf(
  { phoneNumbers, defaultRegion, calledPartyRegion, postalCode }: CheckInput,
  pepper: Pepper,
): Reading[] {
  return phoneNumbers.map((raw) => {
    const phone = parsePhoneNumber(raw, defaultRegion);
    if (phone.kind === 'unreadable') return undefined;
    const whereabouts = whereaboutsOf(phone, { state: calledPartyRegion, postalCode });
    if (whereabouts === undefined) return 'NOWHERE';
    return {
      ...whereabouts,
      token: tokenOf(pepper, phone),
      phone,
      country: phone.country,
      areaCode: areaCodeOf(phone),
      residency: residencyOf(phone.country),
    };
  });
}

function emailOf(
  { email, defaultRegion }: CheckInput,
  here: { readonly residency: Residency; readonly pepper: Pepper },
): Reading[] {
  if (email === undefined) return [];
  const address = parseEmailAddress(email);
  if (address.kind === 'unreadable') return [undefined];
  return [
    {
      token: tokenOf(here.pepper, address),
      country: defaultRegion ?? UNKNOWN_COUNTRY,
      regions: [],
      timeZones: [],
      // An address names no country; without one it is taken to be of the region that was asked.
      residency: defaultRegion === undefined ? here.residency : residencyOf(defaultRegion),
    },
  ];
}
