import { describe, expect, it } from 'vitest';
import { registriesAsked } from '../../../../../lib/domain/decision/decide.ts';
import { US_STATE_LISTS } from '../../../../../lib/domain/policy/default/us-state-lists.ts';
import { DEFAULT_POLICY } from '../../../../../lib/domain/policy/default-policy.ts';
import type { RegistryFact } from '../../../../../lib/domain/policy/rules/context.ts';
import { saidBy } from '../../../../support/by-rule.ts';
import { CLEAN_REGISTRY, contextOf, NEW_YORK } from '../../../../support/contexts.ts';
import { consent, DAY_MS, NOON, relationship, stateOf, writtenConsent } from '../../../../support/facts.ts';

const LISTS = [
  ...['us-co-listed', 'us-fl-listed', 'us-in-listed', 'us-la-listed', 'us-ma-listed', 'us-mo-listed'],
  ...['us-ok-listed', 'us-pa-listed', 'us-tn-listed', 'us-tx-listed', 'us-wy-listed'],
];

const context = (id: string, fact?: Partial<RegistryFact>, state = stateOf()) =>
  contextOf({
    subject: { ...NEW_YORK, regions: [`US-${id.slice(3, 5).toUpperCase()}`] },
    registries: [
      CLEAN_REGISTRY,
      ...(fact === undefined ? [] : [{ ...CLEAN_REGISTRY, registry: `${id.slice(0, 5)}-list`, ...fact }]),
    ],
    state,
  });

describe.each(LISTS)('the list of a state, %s', (id) => {
  it('blocks who is on it, and nobody before a version of it is imported', () => {
    expect(saidBy(id, context(id))).toEqual([]);
    expect(saidBy(id, context(id, { listed: false }))).toEqual([]);
    expect(saidBy(id, context(id, { listed: true }))).toEqual(['REGISTRY_LISTED']);
  });

  it('is asked about people of the state alone', () => {
    const listed = context(id, { listed: true });
    expect(registriesAsked(DEFAULT_POLICY, listed)).toContain(`${id.slice(0, 5)}-list`);
    expect(saidBy(id, { ...listed, subject: NEW_YORK })).toEqual([]);
    expect(registriesAsked(DEFAULT_POLICY, { ...listed, subject: NEW_YORK })).not.toContain(
      `${id.slice(0, 5)}-list`,
    );
  });

  it('is lifted by signed consent alone', () => {
    const listed = { listed: true };
    expect(saidBy(id, context(id, listed, stateOf(writtenConsent())))).toEqual([]);
    expect(saidBy(id, context(id, listed, stateOf(consent())))).toEqual(['REGISTRY_LISTED']);
    expect(saidBy(id, context(id, listed, stateOf(relationship())))).toEqual(['REGISTRY_LISTED']);
  });
});

it.each([
  { days: 92, codes: [] },
  { days: 93, codes: ['REGISTRY_STALE'] },
])('us-tx-list-age: $days days old: $codes', ({ days, codes }) => {
  const versionAt = Math.floor(NOON / DAY_MS) * DAY_MS - days * DAY_MS;
  expect(saidBy('us-tx-list-age', context('us-tx-listed', { versionAt }))).toEqual(codes);
  expect(saidBy('us-tx-list-age', context('us-tx-listed'))).toEqual([]);
});

it('no list goes untested', () => {
  expect(US_STATE_LISTS.map(({ id }) => id).toSorted()).toEqual([...LISTS, 'us-tx-list-age'].toSorted());
});
