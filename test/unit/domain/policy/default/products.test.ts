import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../../../lib/domain/policy/default-policy.ts';
import { Product } from '../../../../../lib/domain/vocabulary.ts';
import { saidBy } from '../../../../support/by-rule.ts';
import { contextOf } from '../../../../support/contexts.ts';
import { consent, stateOf } from '../../../../support/facts.ts';

type Contact = {
  readonly country: string;
  readonly channel?: 'VOICE' | 'SMS' | 'EMAIL';
  readonly product?: Product | undefined;
  readonly at?: string;
  readonly consented?: boolean;
};

function contactAt({ country, channel = 'VOICE', product, at = '2026-11-20T12:00:00Z', consented }: Contact) {
  return contextOf({
    subject: { country, regions: [], timeZones: ['Europe/Paris'] },
    scope: { channel, product, technology: 'LIVE', audience: 'CONSUMER' },
    state: consented ? stateOf(consent({ channel, effectiveAt: 1 })) : stateOf(),
    now: Date.parse(at),
  });
}

type Row = {
  readonly id: string;
  readonly country: string;
  readonly products: readonly Product[];
  readonly consentLifts: boolean;
  readonly firstDay: string;
  readonly channel?: 'VOICE' | 'SMS' | 'EMAIL';
};
const HOMES = { products: ['ENERGY_RENOVATION', 'HOME_ADAPTATION'], firstDay: '2026-08-11' } as const;
const ITALY = { country: 'IT', products: ['ENERGY'], consentLifts: true, firstDay: '2026-06-19' } as const;
const BRITAIN = { country: 'GB', consentLifts: true } as const;

const RULES: readonly Row[] = [
  { ...BRITAIN, id: 'gb-claims-management', products: ['CLAIMS_MANAGEMENT'], firstDay: '2018-09-08' },
  { ...BRITAIN, id: 'gb-pensions', products: ['PENSIONS'], firstDay: '2019-01-09' },
  { ...ITALY, id: 'it-energy-calls' },
  { ...ITALY, id: 'it-energy-messages', channel: 'SMS' },
  { ...HOMES, id: 'fr-home-energy', country: 'FR', consentLifts: false },
  { ...HOMES, id: 'fr-home-energy', country: 'FR', consentLifts: false, channel: 'EMAIL' },
];

describe.each(RULES)('$id', ({ id, country, products, consentLifts, firstDay, channel = 'VOICE' }) => {
  const code = consentLifts ? 'CONSENT_MISSING' : 'PRODUCT_BANNED';
  const asked = (given: Partial<Contact>) => saidBy(id, contactAt({ country, channel, ...given }));

  it.each(Product.options)('offering %s', (product) => {
    const bound = products.includes(product);
    expect(asked({ product })).toEqual(bound ? [code] : []);
    expect(asked({ product, consented: true })).toEqual(bound && !consentLifts ? [code] : []);
  });

  it('offering nobody says what: the rule binds', () => {
    expect(asked({})).toEqual([code]);
  });

  it('binds from its first day, in its country', () => {
    const [product] = products;
    const before = new Date(Date.parse(firstDay) - 1).toISOString();
    expect([asked({ product, at: before }), asked({ product, at: firstDay })]).toEqual([[], [code]]);
    expect(asked({ product, country: 'DE' })).toEqual([]);
  });
});

it('every rule about single products is here', () => {
  const shipped = DEFAULT_POLICY.rules.filter(({ products }) => products !== undefined).map(({ id }) => id);
  expect(shipped.toSorted()).toEqual([...new Set(RULES.map(({ id }) => id))].toSorted());
});
