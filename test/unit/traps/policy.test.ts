import { describe, expect, it } from 'vitest';
import { residencyOf } from '../../../lib/domain/contact-point/residency.ts';
import { decide } from '../../../lib/domain/decision/decide.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { CHANNELS, CLEAN_REGISTRY, contextOf } from '../../support/contexts.ts';
import { consent, DAY_MS, NOON, stateOf } from '../../support/facts.ts';

const today = Math.floor(NOON / DAY_MS) * DAY_MS;
const COUNTRIES = [
  'AT',
  'BE',
  'DE',
  'DK',
  'ES',
  'FI',
  'FR',
  'GR',
  'IE',
  'IT',
  'LU',
  'NL',
  'PL',
  'PT',
  'SE',
  'GB',
];

describe('TB29: a registry version is lawful by its age on the day of the call, not by what it has missed', () => {
  it.each([
    { days: 7, codes: [] },
    { days: 29, codes: [] },
    { days: 31, codes: [] },
    { days: 32, codes: ['REGISTRY_STALE'] },
  ])('$days days: $codes', ({ days, codes }) => {
    const registries = [{ ...CLEAN_REGISTRY, versionAt: today - days * DAY_MS }];
    const { reasons } = decide(contextOf({ registries }), DEFAULT_POLICY, 'DIAL');
    expect(reasons.map(({ code }) => code)).toEqual(codes);
  });
});

describe('EB9: where data is kept is no rule about contact, and no country code proves a residence', () => {
  it('no rule cites the confidentiality of communications as a ground', () => {
    for (const { citation } of DEFAULT_POLICY.rules) expect(citation).not.toMatch(/2002\/58\/EC Art 5\b/);
  });

  it('a number of no country is still somebody’s, and is decided in one region only', () => {
    expect(['DE', 'GB', 'US', 'IN', '001'].map(residencyOf)).toEqual(['EU', 'EU', 'US', 'US', 'US']);
  });
});

describe('EB10: until a country’s own row is in the policy, its stricter reading is taken', () => {
  const cases = COUNTRIES.flatMap((country) => CHANNELS.map((channel) => ({ country, channel })));
  const given = ({ country, channel }: (typeof cases)[number], state = stateOf()) =>
    contextOf({
      subject: { country, timeZones: ['Europe/Berlin'] },
      registries: [],
      scope: { channel },
      state,
    });

  it.each(cases)('$country $channel: no marketing without consent, with it some', (one) => {
    const { effect, reasons } = decide(given(one), DEFAULT_POLICY, 'DIAL');
    expect({ effect, codes: reasons.map(({ code }) => code) }).toEqual({
      effect: 'BLOCK',
      codes: ['CONSENT_MISSING'],
    });
    const granted = stateOf(consent({ channel: one.channel }));
    expect(decide(given(one, granted), DEFAULT_POLICY, 'DIAL').effect).toBe('ALLOW');
  });

  it('and the rule says that it is contested', () => {
    expect(DEFAULT_POLICY.rules.find(({ id }) => id === 'marketing-consent')).toMatchObject({
      contested: true,
      jurisdiction: { except: expect.arrayContaining(['US']) },
    });
  });
});
