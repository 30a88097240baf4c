import { describe, expect, it } from 'vitest';
import { RULES_ELSEWHERE } from '../../../../../lib/domain/policy/default/elsewhere.ts';
import { EUROPEAN_RULES, NAMED_COUNTRIES } from '../../../../../lib/domain/policy/default/europe.ts';
import { SPECIAL_EUROPEAN_RULES } from '../../../../../lib/domain/policy/default/europe-special.ts';
import type { RegistryFact } from '../../../../../lib/domain/policy/rules/context.ts';
import type { Channel, Technology } from '../../../../../lib/domain/vocabulary.ts';
import { saidBy } from '../../../../support/by-rule.ts';
import { contextOf } from '../../../../support/contexts.ts';
import { consent, DAY_MS, NOON, stateOf } from '../../../../support/facts.ts';

const today = Math.floor(NOON / DAY_MS) * DAY_MS;

type Contact = {
  readonly country: string;
  readonly zone?: string;
  readonly at?: string;
  readonly channel?: Channel;
  readonly technology?: Technology;
  readonly audience?: 'CONSUMER' | 'BUSINESS';
  readonly consentedAt?: string;
  readonly registry?: Partial<RegistryFact>;
};

function contactAt({ country, zone = 'Europe/Paris', at, registry, consentedAt, ...scope }: Contact) {
  const channel = scope.channel ?? 'VOICE';
  return contextOf({
    subject: { country, regions: [], timeZones: [zone] },
    scope: { technology: undefined, ...scope, channel },
    now: at === undefined ? NOON : Date.parse(at),
    state:
      consentedAt === undefined
        ? stateOf()
        : stateOf(consent({ channel, effectiveAt: Date.parse(consentedAt) })),
    registries:
      registry === undefined
        ? []
        : [{ registry: '', listed: false, versionAt: today, areaCodes: 'ALL', ...registry }],
  });
}

const ALL = [...EUROPEAN_RULES, ...SPECIAL_EUROPEAN_RULES];
const countryOf = (rule: (typeof ALL)[number]) =>
  'countries' in rule.jurisdiction ? (rule.jurisdiction.countries[0] ?? '') : '';

describe('what needs consent, country by country', () => {
  it.each(
    ALL.filter(
      ({ kind, id, effectiveTo }) =>
        kind === 'consentRequired' && id !== 'es-consent-renewal' && effectiveTo === undefined,
    ),
  )('$id', (rule) => {
    const [channel = 'VOICE'] = rule.channels;
    const asked = {
      country: countryOf(rule),
      channel,
      technology: rule.technology?.[0] ?? 'LIVE',
    } as const;
    expect(saidBy(rule.id, contactAt(asked))).toEqual(['CONSENT_MISSING']);
    expect(saidBy(rule.id, contactAt({ ...asked, consentedAt: '2026-11-01' }))).toEqual([]);
    expect(saidBy(rule.id, contactAt({ ...asked, country: 'JP' }))).toEqual([]);
    expect(saidBy(rule.id, contactAt({ ...asked, channel: channel === 'VOICE' ? 'SMS' : 'VOICE' }))).toEqual(
      [],
    );
  });

  it.each(['BE', 'CH', 'FI', 'GB', 'NO', 'SE'])('%s: a live call needs none, a machine does', (country) => {
    const id = `${country.toLowerCase()}-automated-calls`;
    const asked = (technology?: Technology) =>
      saidBy(id, contactAt({ country, ...(technology === undefined ? {} : { technology }) }));
    expect(asked('LIVE')).toEqual([]);
    expect(asked('AUTOMATED')).toEqual(['CONSENT_MISSING']);
    expect(asked('PRERECORDED')).toEqual(['CONSENT_MISSING']);
    // Nobody said: it may be a machine.
    expect(asked()).toEqual(['CONSENT_MISSING']);
  });

  it.each(['AT', 'DE', 'DK', 'ES', 'FR', 'GR', 'IE', 'IT', 'LU', 'NL', 'PL', 'PT'])(
    '%s: a live call needs it',
    (country) => {
      const asked = contactAt({ country, technology: 'LIVE', audience: 'CONSUMER' });
      expect(saidBy(`${country.toLowerCase()}-calls`, asked)).toEqual(['CONSENT_MISSING']);
    },
  );

  it.each(['JP', 'BR', 'ZZ', '001'])('marketing-consent: %s, which no rule names, needs it', (country) => {
    expect(saidBy('marketing-consent', contactAt({ country }))).toEqual(['CONSENT_MISSING']);
    expect(saidBy('marketing-consent', contactAt({ country, consentedAt: '2026-11-01' }))).toEqual([]);
    expect(RULES_ELSEWHERE).toHaveLength(1);
  });

  it('marketing-consent leaves the named countries to their own rules', () => {
    for (const country of [...NAMED_COUNTRIES, 'FR', 'RE', 'US']) {
      expect([country, saidBy('marketing-consent', contactAt({ country }))]).toEqual([country, []]);
    }
  });

  it.each([
    { at: '2026-11-20T09:59:59.999Z', codes: [] },
    { at: '2026-11-20T10:00:00.000Z', codes: ['CONSENT_EXPIRED'] },
  ])('es-consent-renewal: consent of 2024-11-20T10:00Z at $at: $codes', ({ at, codes }) => {
    const context = contactAt({ country: 'ES', at, consentedAt: '2024-11-20T10:00:00Z' });
    expect(saidBy('es-consent-renewal', context)).toEqual(codes);
    expect(saidBy('es-calls', context)).toEqual([]);
  });

  it('es-consent-renewal: of 29 February it lasts to the end of February', () => {
    const asked = (at: string) =>
      saidBy('es-consent-renewal', contactAt({ country: 'ES', at, consentedAt: '2024-02-29T10:00:00Z' }));
    expect([asked('2026-02-28T09:59:59Z'), asked('2026-02-28T10:00:00Z')]).toEqual([[], ['CONSENT_EXPIRED']]);
  });
});

describe('the registers', () => {
  const registers = ALL.flatMap((rule) =>
    rule.kind === 'registry' && rule.effectiveTo === undefined ? [rule] : [],
  );
  it.each(registers)('$id: unavailable, listed, not listed', ({ id, registry, ...rule }) => {
    const country = countryOf({ id, registry, ...rule });
    const asked = (given: Partial<Contact> = {}) =>
      saidBy(id, contactAt({ country, technology: 'LIVE', ...given }));
    expect(asked()).toEqual(['REGISTRY_UNAVAILABLE']);
    expect(asked({ registry: { registry, listed: true } })).toEqual(['REGISTRY_LISTED']);
    expect(asked({ registry: { registry, listed: false } })).toEqual([]);
    const consented = asked({ registry: { registry, listed: true }, consentedAt: '2026-11-01' });
    expect(consented).toEqual(registry === 'it-rpo' ? ['REGISTRY_LISTED'] : []);
  });

  it('are these', () => {
    expect(registers.map(({ registry }) => registry).toSorted()).toEqual([
      'be-dncm',
      'ch-directory-star',
      'fi-robinson',
      'gb-ctps',
      'gb-tps',
      'it-rpo',
      'no-reservasjonsregisteret',
      'se-nix',
    ]);
  });

  it.each([
    { id: 'be-dncm-age', country: 'BE', days: 5 },
    { id: 'gb-tps-age', country: 'GB', days: 27 },
    { id: 'gb-ctps-age', country: 'GB', days: 27 },
    { id: 'it-rpo-age', country: 'IT', days: 15 },
    { id: 'fr-bloctel-age', country: 'FR', days: 31, at: '2026-08-10T12:00:00Z' },
  ])('$id: day $days passes, the next does not', ({ id, country, days, at }) => {
    const now = at === undefined ? NOON : Date.parse(at);
    const asked = (age: number) => {
      const versionAt = Math.floor(now / DAY_MS) * DAY_MS - age * DAY_MS;
      const registry = { registry: id.replace(/-age$/, ''), versionAt };
      return saidBy(id, contactAt({ country, at: new Date(now).toISOString(), registry }));
    };
    expect([asked(days), asked(days + 1)]).toEqual([[], ['REGISTRY_STALE']]);
  });

  it('gb-ctps-listed is for businesses', () => {
    expect(saidBy('gb-ctps-listed', contactAt({ country: 'GB', audience: 'CONSUMER' }))).toEqual([]);
    expect(saidBy('gb-ctps-listed', contactAt({ country: 'GB', audience: 'BUSINESS' }))).toEqual([
      'REGISTRY_UNAVAILABLE',
    ]);
  });
});

describe('France by date', () => {
  it.each([
    { at: '2026-08-10T12:00:00Z', bloctel: ['REGISTRY_UNAVAILABLE'], calls: [] },
    { at: '2026-08-11T12:00:00Z', bloctel: [], calls: ['CONSENT_MISSING'] },
  ])('fr-bloctel-listed and fr-calls at $at', ({ at, bloctel, calls }) => {
    const context = contactAt({ country: 'FR', at, technology: 'LIVE' });
    expect([saidBy('fr-bloctel-listed', context), saidBy('fr-calls', context)]).toEqual([bloctel, calls]);
  });

  it('binds calls to consumers', () => {
    const context = contactAt({ country: 'FR', technology: 'LIVE', audience: 'BUSINESS' });
    expect(saidBy('fr-calls', context)).toEqual([]);
  });
});

describe('hours and holidays', () => {
  const OUTSIDE = ['OUTSIDE_CALLING_HOURS'];
  it.each([
    { id: 'fr-hours', at: '2026-11-20T09:59:59+01:00', codes: OUTSIDE },
    { id: 'fr-hours', at: '2026-11-20T10:00:00+01:00', codes: [] },
    { id: 'fr-hours', at: '2026-11-20T12:59:59+01:00', codes: [] },
    { id: 'fr-hours', at: '2026-11-20T13:00:00+01:00', codes: OUTSIDE },
    { id: 'fr-hours', at: '2026-11-20T13:59:59+01:00', codes: OUTSIDE },
    { id: 'fr-hours', at: '2026-11-20T14:00:00+01:00', codes: [] },
    { id: 'fr-hours', at: '2026-11-20T19:59:59+01:00', codes: [] },
    { id: 'fr-hours', at: '2026-11-20T20:00:00+01:00', codes: OUTSIDE },
    { id: 'fr-hours', at: '2026-11-21T11:00:00+01:00', codes: OUTSIDE },
    { id: 'no-hours', at: '2026-11-20T08:59:59+01:00', codes: OUTSIDE },
    { id: 'no-hours', at: '2026-11-20T09:00:00+01:00', codes: [] },
    { id: 'no-hours', at: '2026-11-20T20:59:59+01:00', codes: [] },
    { id: 'no-hours', at: '2026-11-20T21:00:00+01:00', codes: OUTSIDE },
    { id: 'no-hours', at: '2026-11-21T12:00:00+01:00', codes: OUTSIDE },
    { id: 'fr-holidays', at: '2026-11-10T23:59:59+01:00', codes: [] },
    { id: 'fr-holidays', at: '2026-11-11T00:00:00+01:00', codes: ['PUBLIC_HOLIDAY'] },
    { id: 'fr-holidays', at: '2026-11-12T00:00:00+01:00', codes: [] },
    { id: 'no-holidays', at: '2026-05-13T23:59:59+02:00', codes: [] },
    { id: 'no-holidays', at: '2026-05-14T00:00:00+02:00', codes: ['PUBLIC_HOLIDAY'] },
    { id: 'no-holidays', at: '2026-05-15T00:00:00+02:00', codes: [] },
  ])('$id at $at: $codes', ({ id, at, codes }) => {
    expect(saidBy(id, contactAt({ country: id.slice(0, 2).toUpperCase(), at }))).toEqual(codes);
  });
});
