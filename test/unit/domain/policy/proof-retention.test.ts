import { describe, expect, it } from 'vitest';
import { standingOf as standingAt } from '../../../../lib/domain/log/standing.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { proofKeptUntil, proofRetentionOf } from '../../../../lib/domain/policy/proof-retention.ts';
import type { ConsentFact } from '../../../../lib/domain/state/facts.ts';
import { lastUseOf, withUse } from '../../../../lib/domain/state/uses.ts';
import { consent, NOON, softOptIn, stateOf, writtenConsent } from '../../../support/facts.ts';

const at = (time: string) => Date.parse(time);
const iso = (time: number | undefined) => time && new Date(time).toISOString();
const { rules } = DEFAULT_POLICY;
const CALL = { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme' } as const;
const GRANTED = at('2024-02-29T10:00:00Z');
const granted = consent({ seller: 'acme', effectiveAt: GRANTED, receivedAt: GRANTED });

describe('P5: the proof of consent is kept max(grant, last use) + 5 years', () => {
  it.each([
    { grantedAt: '2026-11-20T15:00:00Z', lastUsedAt: undefined, until: '2031-11-20T15:00:00.000Z' },
    {
      grantedAt: '2026-11-20T15:00:00Z',
      lastUsedAt: '2027-03-01T09:00:00Z',
      until: '2032-03-01T09:00:00.000Z',
    },
    {
      grantedAt: '2026-11-20T15:00:00Z',
      lastUsedAt: '2025-03-01T09:00:00Z',
      until: '2031-11-20T15:00:00.000Z',
    },
    { grantedAt: '2024-02-29T10:00:00Z', lastUsedAt: undefined, until: '2029-02-28T10:00:00.000Z' },
  ])('granted $grantedAt, last used $lastUsedAt: $until', ({ grantedAt, lastUsedAt, until }) => {
    const used = lastUsedAt === undefined ? undefined : at(lastUsedAt);
    expect(iso(proofKeptUntil({ grantedAt: at(grantedAt), lastUsedAt: used }, 5))).toBe(until);
  });

  it.each([
    { facet: 'VOICE#MARKETING#acme', country: 'DE', kept: 'de-calls' },
    { facet: 'ALL#ALL#*', country: 'DE', kept: 'de-calls' },
    { facet: 'VOICE#MARKETING#acme', country: undefined, kept: 'de-calls' },
    { facet: 'VOICE#MARKETING#acme', country: 'US', kept: undefined },
    { facet: 'VOICE#MARKETING#acme', country: 'AT', kept: undefined },
    { facet: 'EMAIL#MARKETING#acme', country: 'DE', kept: undefined },
    { facet: 'VOICE#SERVICE#acme', country: 'DE', kept: undefined },
  ])('$facet in $country: by $kept', ({ facet, country, kept }) => {
    const found = proofRetentionOf(stateOf(), { facet, grantedAt: NOON }, { rules, country });
    expect(found?.ruleId).toBe(kept);
  });

  it('by the longest of several rules, whether they name countries, regions or exceptions', () => {
    const [german] = rules.filter(({ id }) => id === 'de-calls');
    if (german?.kind !== 'consentRequired') throw new Error('expected the rule for calls to Germany');
    const others = [
      { ...german, id: 'elsewhere', keepProofYears: 7, jurisdiction: { except: ['US'] } },
      { ...german, id: 'somewhere', keepProofYears: 6, jurisdiction: { regions: ['CA-ON'] } },
    ];
    const ruleFor = (country: string) =>
      proofRetentionOf(
        stateOf(),
        { facet: 'VOICE#MARKETING#*', grantedAt: NOON },
        { rules: others, country },
      );
    expect(ruleFor('DE')?.ruleId).toBe('elsewhere');
    expect(ruleFor('US')).toBeUndefined();
    expect(
      proofRetentionOf(
        stateOf(),
        { facet: 'VOICE#ALL#*', grantedAt: NOON },
        { rules: others.slice(1), country: 'CA' },
      )?.ruleId,
    ).toBe('somewhere');
    expect(
      proofRetentionOf(
        stateOf(),
        { facet: 'VOICE#ALL#*', grantedAt: NOON },
        { rules: others.slice(1), country: 'US' },
      ),
    ).toBeUndefined();
  });
});

describe('the last use of a consent', () => {
  it('is noted with each allowed contact, and never moves back', () => {
    const used = withUse(withUse(stateOf(granted), CALL, NOON), CALL, NOON - 1);
    expect(used.uses).toEqual({ 'VOICE#MARKETING#acme': NOON });
    expect(withUse(used, CALL, NOON + 1).uses).toEqual({ 'VOICE#MARKETING#acme': NOON + 1 });
  });

  it.each([
    ['nothing is known', stateOf()],
    [
      'consent was withdrawn',
      stateOf(granted, consent({ seller: 'acme', status: 'WITHDRAWN', effectiveAt: NOON - 1 })),
    ],
    ['it was another seller’s', stateOf(consent({ seller: 'bravo', effectiveAt: GRANTED }))],
    ['it rests on a soft opt-in', stateOf(softOptIn({ effectiveAt: GRANTED }))],
  ])('is none where %s', (_, state) => {
    expect(withUse(state, CALL, NOON)).toBe(state);
  });

  it('counts for every consent that it could rest on', () => {
    const everybody = withUse(stateOf(consent({ effectiveAt: GRANTED })), CALL, NOON);
    expect(lastUseOf(everybody, 'ALL#ALL#*')).toBe(NOON);
    expect(lastUseOf(everybody, 'VOICE#MARKETING#*')).toBe(NOON);
    expect(lastUseOf(everybody, 'VOICE#MARKETING#bravo')).toBeUndefined();
    expect(lastUseOf(everybody, 'SMS#ALL#*')).toBeUndefined();
    const unnamed = withUse(stateOf(consent({ effectiveAt: GRANTED })), { ...CALL, seller: undefined }, NOON);
    expect(unnamed.uses).toEqual({ 'VOICE#MARKETING#*': NOON });
  });
});

describe('where a consent stands', () => {
  const keepProof = (state: ReturnType<typeof stateOf>, country?: string) =>
    standingAt(state, { now: NOON, rules, country }).consents.map(({ said, keepProof: kept }) => [
      said,
      kept?.until,
    ]);

  it('says until when its proof is kept, also once it is withdrawn', () => {
    const used = withUse(stateOf(granted), CALL, at('2025-06-01T08:00:00Z'));
    expect(keepProof(stateOf(granted), 'DE')).toEqual([['GRANTED', '2029-02-28T10:00:00.000Z']]);
    expect(keepProof(used, 'DE')).toEqual([['GRANTED', '2030-06-01T08:00:00.000Z']]);
    expect(keepProof(used, 'US')).toEqual([['GRANTED', undefined]]);
    const ended = { ...stateOf(granted, consent({ seller: 'acme', status: 'WITHDRAWN' })), uses: used.uses };
    expect(keepProof(ended, 'DE')).toEqual([
      ['GRANTED', '2030-06-01T08:00:00.000Z'],
      ['WITHDRAWN', undefined],
    ]);
    expect(keepProof(stateOf(writtenConsent({ effectiveAt: NOON })), 'DE')).toEqual([
      ['GRANTED_IN_WRITING', '2031-11-20T15:00:00.000Z'],
    ]);
  });

  it('says whether a soft opt-in stands', () => {
    const stands = (...facts: readonly ConsentFact[]) =>
      standingAt(stateOf(...facts), { now: NOON, rules }).consents.map((found) => found.stands);
    expect(stands(softOptIn({ effectiveAt: GRANTED }))).toEqual([true]);
    expect(stands(softOptIn({ effectiveAt: GRANTED, expiresAt: NOON }))).toEqual([false]);
    expect(stands(consent())).toEqual([undefined]);
  });
});
