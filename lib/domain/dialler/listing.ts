import type { EmailAddress } from '../contact-point/email-address.ts';
import { areaCodeOf } from '../contact-point/nanp.ts';
import type { PhoneNumber } from '../contact-point/phone-number.ts';
import { whereaboutsOf } from '../contact-point/whereabouts.ts';
import { bearingOf } from '../policy/applies.ts';
import type { Policy, Rule } from '../policy/policy.ts';
import type { RuleContext, Subject } from '../policy/rules/context.ts';
import { evaluate } from '../policy/rules/evaluate.ts';
import type { ContactPointState } from '../state/state.ts';
import type { DiallerList } from './dialler.ts';

/** ISO 3166-1 keeps ZZ for users: an address that names no country is under the rules of none in particular. */
const UNKNOWN_COUNTRY = 'ZZ';

/** Rules about what a person asked for or Legal demands. All others need facts that only a check has. */
const STANDING: ReadonlySet<Rule['kind']> = new Set(['hold', 'suppression', 'revocation', 'revokeAll']);

/** Whether a list names a contact point, and until when if that ends by itself (epoch milliseconds). */
export type Listed = { readonly listed: boolean; readonly until?: number };

/**
 * What a dialler's list is to say of a contact point under a policy: it names whom the policy blocks on one of the list's
 * channels for one of its purposes, by a hold, a suppression or a withdrawal. A list without a seller is bound by what was
 * said to any. Never more permissive than a check, which asks the same rules.
 */
export function listingOf(
  {
    contactPoint,
    state,
  }: { readonly contactPoint: PhoneNumber | EmailAddress; readonly state: ContactPointState },
  list: DiallerList,
  { policy, now }: { readonly policy: Policy; readonly now: number },
): Listed {
  const subject = subjectOf(contactPoint);
  const isListed = (at: number): boolean =>
    list.channels
      .filter((channel) => (channel === 'EMAIL') === (contactPoint.kind === 'email'))
      .some((channel) =>
        list.purposes.some((purpose) =>
          blocks(policy, {
            scope: { channel, purpose, seller: list.seller },
            subject,
            state,
            registries: [],
            now: at,
          }),
        ),
      );
  if (!isListed(now)) return { listed: false };
  const until = endsOf(state, now).find((at) => !isListed(at));
  return until === undefined ? { listed: true } : { listed: true, until };
}

/** Whether anything was ever said against contact, be it over since: whom a dialler may have heard of from here. */
export function wasEverRefused({ suppressions, consents, holds, erasedAt }: ContactPointState): boolean {
  const withdrawn = Object.values(consents).some(({ WITHDRAWN, OBJECTED }) => WITHDRAWN ?? OBJECTED);
  const said = [suppressions, holds].some((facets) => Object.keys(facets).length > 0);
  return said || withdrawn || erasedAt !== undefined;
}

/** A rule of a region is asked where nobody knows the region, as a check would block there. */
function blocks(policy: Policy, context: RuleContext): boolean {
  return policy.rules.some(
    (rule) =>
      STANDING.has(rule.kind) && bearingOf(rule, context) !== 'NONE' && evaluate(rule, context).length > 0,
  );
}

/** The moments at which something that was said ends, from the next one on. */
function endsOf({ suppressions, consents }: ContactPointState, now: number): readonly number[] {
  const records = [
    ...Object.values(suppressions),
    ...Object.values(consents).flatMap((facet) => Object.values(facet)),
  ];
  return records
    .flatMap(({ expiresAt }) => (expiresAt === undefined || expiresAt <= now ? [] : [expiresAt]))
    .toSorted((a, b) => a - b);
}

function subjectOf(contactPoint: PhoneNumber | EmailAddress): Subject {
  if (contactPoint.kind === 'email') return { country: UNKNOWN_COUNTRY, regions: [], timeZones: [] };
  const { regions = [], timeZones = [] } = whereaboutsOf(contactPoint) ?? {};
  return { country: contactPoint.country, areaCode: areaCodeOf(contactPoint), regions, timeZones };
}
