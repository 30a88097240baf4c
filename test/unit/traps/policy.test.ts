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
  'CH',
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
  'NO',
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

describe('EB10: consent where a country asks for it, and where its list cannot be consulted', () => {
  const cases = COUNTRIES.flatMap((country) => CHANNELS.map((channel) => ({ country, channel })));
  const given = ({ country, channel }: (typeof cases)[number], state = stateOf()) =>
    contextOf({
      subject: { country, regions: [], timeZones: ['Europe/Berlin'] },
      registries: [],
      scope: { channel, technology: 'LIVE', product: 'OTHER' },
      state,
    });
  /** A registry of which no version is loaded is asked about live calls. */
  const LISTS = ['BE', 'CH', 'FI', 'GB', 'NO', 'SE'];

  it.each(cases)('$country $channel: no marketing by default', (one) => {
    const { effect, reasons } = decide(given(one), DEFAULT_POLICY, 'DIAL');
    const live = one.channel === 'VOICE' && LISTS.includes(one.country);
    expect(effect).toBe('BLOCK');
    expect(reasons.map(({ code }) => code)).toContain(live ? 'REGISTRY_UNAVAILABLE' : 'CONSENT_MISSING');
  });

  it.each(cases.filter(({ country, channel }) => !(country === 'IT' && channel === 'VOICE')))(
    '$country $channel: consent permits it',
    (one) => {
      const granted = stateOf(consent({ channel: one.channel }));
      expect(decide(given(one, granted), DEFAULT_POLICY, 'DIAL').effect).toBe('ALLOW');
    },
  );

  it('no consent replaces the Italian register, which ends earlier consent', () => {
    const granted = stateOf(consent());
    const { reasons } = decide(given({ country: 'IT', channel: 'VOICE' }, granted), DEFAULT_POLICY, 'DIAL');
    expect(reasons.map(({ code }) => code)).toEqual(['REGISTRY_UNAVAILABLE']);
  });

  it('a machine needs consent everywhere', () => {
    for (const country of COUNTRIES) {
      const scope = { channel: 'VOICE', technology: 'PRERECORDED' } as const;
      const context = {
        ...given({ country, channel: 'VOICE' }),
        scope: { ...scope, purpose: 'MARKETING' as const },
      };
      const { reasons } = decide(context, DEFAULT_POLICY, 'DIAL');
      expect([country, reasons.map(({ code }) => code)]).toEqual([
        country,
        expect.arrayContaining(['CONSENT_MISSING']),
      ]);
    }
  });

  it('and the rule for the countries that no row names says that it is contested', () => {
    expect(DEFAULT_POLICY.rules.find(({ id }) => id === 'marketing-consent')).toMatchObject({
      contested: true,
      jurisdiction: { except: expect.arrayContaining(['US', ...COUNTRIES]) },
    });
  });
});
