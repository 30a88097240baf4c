import { describe, expect, it } from 'vitest';
import type { ConsentFact } from '../../../../lib/domain/state/facts.ts';
import {
  type ConsentStatus,
  consentPosition,
  standingSuppressions,
} from '../../../../lib/domain/state/position.ts';
import { ContactPointState, EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import { CHANNELS } from '../../../support/contexts.ts';
import { consent, NOON, stateOf, suppression } from '../../../support/facts.ts';

const CALL = { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme' } as const;
const withdrawn = consent({ status: 'WITHDRAWN' });
const objected = consent({ status: 'OBJECTED' });
const pending = consent({ status: 'PENDING' });
const newer = (given: Partial<ConsentFact> = {}) =>
  consent({ effectiveAt: NOON + 1, eventId: 'event-2', ...given });

describe('where a person stands on consent', () => {
  const rows: { title: string; facts: ConsentFact[]; status: ConsentStatus }[] = [
    { title: 'EB4: nobody ever asked', facts: [], status: 'NEVER_GIVEN' },
    { title: 'EB4: a confirmation is awaited', facts: [pending], status: 'PENDING' },
    { title: 'granted', facts: [consent()], status: 'GRANTED' },
    { title: 'a confirmation awaited beside a grant', facts: [consent(), pending], status: 'GRANTED' },
    { title: 'EB4: an objection (Art 21)', facts: [objected], status: 'OBJECTED' },
    { title: 'withdrawn', facts: [withdrawn], status: 'WITHDRAWN' },
    { title: 'a withdrawal ends a pending confirmation', facts: [pending, withdrawn], status: 'WITHDRAWN' },
    {
      title: 'EB6: a grant older than the withdrawal',
      facts: [consent({ effectiveAt: NOON - 1 }), withdrawn],
      status: 'WITHDRAWN',
    },
    { title: 'a tie goes to the withdrawal', facts: [consent(), withdrawn], status: 'WITHDRAWN' },
    {
      title: 'a tie of withdrawal and objection is an objection',
      facts: [withdrawn, objected],
      status: 'OBJECTED',
    },
    {
      title: 'a withdrawal after an objection',
      facts: [objected, newer({ status: 'WITHDRAWN' })],
      status: 'WITHDRAWN',
    },
    { title: 'a grant newer than the withdrawal', facts: [withdrawn, newer()], status: 'GRANTED' },
    { title: 'a grant newer than the objection', facts: [objected, newer()], status: 'GRANTED' },
    {
      title: 'an objection newer than the newer grant',
      facts: [newer(), newer({ status: 'OBJECTED', effectiveAt: NOON + 2 })],
      status: 'OBJECTED',
    },
    { title: 'a grant that lapsed', facts: [consent({ expiresAt: NOON })], status: 'EXPIRED' },
    {
      title: 'a withdrawal for all channels',
      facts: [newer({ status: 'WITHDRAWN', channel: 'ALL' }), consent()],
      status: 'WITHDRAWN',
    },
    {
      title: 'a withdrawal for another channel',
      facts: [newer({ status: 'WITHDRAWN', channel: 'SMS' }), consent()],
      status: 'GRANTED',
    },
    { title: 'a grant for another channel', facts: [consent({ channel: 'SMS' })], status: 'NEVER_GIVEN' },
    { title: 'a grant for another purpose', facts: [consent({ purpose: 'SERVICE' })], status: 'NEVER_GIVEN' },
    {
      title: 'a withdrawal for all purposes',
      facts: [consent(), newer({ status: 'WITHDRAWN', purpose: 'ALL' })],
      status: 'WITHDRAWN',
    },
    { title: 'a grant for this seller', facts: [consent({ seller: 'acme' })], status: 'GRANTED' },
    { title: 'a grant for another seller', facts: [consent({ seller: 'bravo' })], status: 'NEVER_GIVEN' },
    {
      title: 'a withdrawal from another seller',
      facts: [consent(), newer({ status: 'WITHDRAWN', seller: 'bravo' })],
      status: 'GRANTED',
    },
    {
      title: 'a withdrawal from every seller',
      facts: [consent({ seller: 'acme' }), newer({ status: 'WITHDRAWN' })],
      status: 'WITHDRAWN',
    },
  ];
  it.each(rows)('$title: $status', ({ facts, status }) => {
    expect(consentPosition(stateOf(...facts), CALL, NOON).status).toBe(status);
    expect(consentPosition(stateOf(...facts.toReversed()), CALL, NOON).status).toBe(status);
  });

  it('names no seller: bound by the withdrawal of any, helped by the grant of none but all', () => {
    const anybody = { channel: 'VOICE', purpose: 'MARKETING' } as const;
    const statuses = [
      stateOf(consent({ seller: 'acme' })),
      stateOf(consent(), newer({ status: 'WITHDRAWN', seller: 'bravo' })),
      stateOf(consent()),
    ].map((state) => consentPosition(state, anybody, NOON).status);
    expect(statuses).toEqual(['NEVER_GIVEN', 'WITHDRAWN', 'GRANTED']);
  });

  it.each([
    { at: NOON - 1, status: 'GRANTED' },
    { at: NOON, status: 'EXPIRED' },
    { at: NOON + 1, status: 'EXPIRED' },
  ])('I9: a grant that expires at noon is $status at $at', ({ at, status }) => {
    const state = stateOf(consent({ effectiveAt: NOON - 100, expiresAt: NOON }));
    expect(consentPosition(state, CALL, at).status).toBe(status);
  });

  it('of two grants at one moment takes the one that ends sooner, in whatever order a store keeps them', () => {
    const facts = [
      consent({ channel: 'ALL' }),
      consent({ expiresAt: NOON + 5 }),
      consent({ seller: 'acme' }),
    ];
    for (const state of [stateOf(...facts), stateOf(...facts.toReversed())]) {
      expect(consentPosition(state, CALL, NOON + 5).status).toBe('EXPIRED');
    }
  });

  it('EB5: takes a stored grant without proof for no consent', () => {
    const [record] = Object.values(stateOf(consent()).consents);
    const { proof: _missing, ...grant } = record?.GRANTED ?? {};
    const state = { ...EMPTY_STATE, consents: { 'VOICE#MARKETING#*': { GRANTED: grant } } };
    expect(consentPosition(stateFrom(state), CALL, NOON).status).toBe('NEVER_GIVEN');
  });

  it('says when consent was last withdrawn, and nothing of it where it never was', () => {
    expect(consentPosition(stateOf(withdrawn, newer()), CALL, NOON)).toMatchObject({ withdrawnAt: NOON });
    expect(consentPosition(stateOf(consent()), CALL, NOON)).not.toHaveProperty('withdrawnAt');
    expect(consentPosition(EMPTY_STATE, CALL, NOON)).toEqual({ status: 'NEVER_GIVEN' });
  });
});

describe('which suppressions bear on a contact', () => {
  it.each([
    { at: NOON - 1, standing: 1 },
    { at: NOON, standing: 0 },
    { at: NOON + 1, standing: 0 },
  ])('TB10, I9: one that expires at noon: $standing standing at $at', ({ at, standing }) => {
    const state = stateOf(suppression({ effectiveAt: NOON - 100, expiresAt: NOON }));
    expect(standingSuppressions(state, CALL, at)).toHaveLength(standing);
  });

  it('TB4: looking at an expired one changes nothing, so it is still there for the record', () => {
    const state = deepFrozen(stateOf(suppression({ expiresAt: NOON })));
    expect(standingSuppressions(state, CALL, NOON)).toEqual([]);
    expect(Object.keys(state.suppressions)).toHaveLength(1);
  });

  it.each(CHANNELS)('I10: an opt-out of %s leaves every other channel as it was', (channel) => {
    const state = stateOf(suppression({ channel }));
    const bears = CHANNELS.filter(
      (asked) => standingSuppressions(state, { ...CALL, channel: asked }, NOON).length > 0,
    );
    expect(bears).toEqual([channel]);
  });

  it('I10: an opt-out of all channels bears on each', () => {
    const state = stateOf(suppression({ channel: 'ALL' }));
    for (const channel of CHANNELS) {
      expect(standingSuppressions(state, { ...CALL, channel }, NOON)).toHaveLength(1);
    }
  });

  it.each([
    { seller: 'acme', asked: 'acme', standing: 1 },
    { seller: 'acme', asked: 'bravo', standing: 0 },
    { seller: 'acme', asked: undefined, standing: 1 },
    { seller: '*', asked: 'bravo', standing: 1 },
    { seller: '*', asked: undefined, standing: 1 },
  ])('TB16: opt-out from $seller, asked for $asked: $standing', ({ seller, asked, standing }) => {
    const found = standingSuppressions(stateOf(suppression({ seller })), { ...CALL, seller: asked }, NOON);
    expect(found).toHaveLength(standing);
  });

  it('names reason and source', () => {
    expect(standingSuppressions(stateOf(suppression({ source: 'IVR' })), CALL, NOON)).toEqual([
      { reason: 'CUSTOMER_REQUEST', source: 'IVR', record: expect.objectContaining({ effectiveAt: NOON }) },
    ]);
  });
});

function stateFrom(value: unknown): ContactPointState {
  return ContactPointState.parse(value);
}

function deepFrozen<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFrozen(member);
  return Object.freeze(value);
}
