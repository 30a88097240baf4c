import type { Jurisdiction, Rule } from './policy.ts';
import type { RuleContext, Subject } from './rules/context.ts';

export type Contact = Pick<RuleContext, 'subject' | 'scope' | 'now'>;

/** `PLACE_UNKNOWN`: the rule is a region's, and the called party can be in any region of its country. */
export type Bearing = 'APPLIES' | 'PLACE_UNKNOWN' | 'NONE';

/**
 * Whether a rule is asked about a contact: channel, purpose, audience, technology, product, place and dates fit. An audience,
 * a technology or a product that is not known fits every rule. Days of effect are UTC days.
 */
export function bearingOf(rule: Rule, { subject, scope, now }: Contact): Bearing {
  const { audience, technology, products, effectiveFrom, effectiveTo } = rule;
  if (!rule.channels.includes(scope.channel) || !rule.purposes.includes(scope.purpose)) return 'NONE';
  if (audience !== undefined && scope.audience !== undefined && audience !== scope.audience) return 'NONE';
  if (technology !== undefined && scope.technology !== undefined && !technology.includes(scope.technology)) {
    return 'NONE';
  }
  if (products !== undefined && scope.product !== undefined && !products.includes(scope.product))
    return 'NONE';
  const place = placeFits(rule.jurisdiction, subject);
  if (place === 'NONE') return 'NONE';
  const day = new Date(now).toISOString().slice(0, 10);
  return effectiveFrom <= day && (effectiveTo === undefined || day < effectiveTo) ? place : 'NONE';
}

/** The country of the number and those of the regions count alike: FL 501.059(8)(d), CT 42-288(c) go by both. */
function placeFits(jurisdiction: Jurisdiction, { country, regions }: Subject): Bearing {
  if ('regions' in jurisdiction) {
    if (regions.some((region) => jurisdiction.regions.includes(region))) return 'APPLIES';
    const unknown = regions.length === 0 && jurisdiction.regions.some((region) => isIn(region, country));
    return unknown ? 'PLACE_UNKNOWN' : 'NONE';
  }
  const fits =
    'countries' in jurisdiction
      ? jurisdiction.countries.some((one) => one === country || regions.some((region) => isIn(region, one)))
      : [country, ...regions.map((region) => region.slice(0, 2))].some(
          (one) => !jurisdiction.except.includes(one),
        );
  return fits ? 'APPLIES' : 'NONE';
}

function isIn(region: string, country: string): boolean {
  return region.startsWith(`${country}-`);
}
