import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../lib/domain/canonical-json.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { merge } from '../../../../lib/domain/state/merge.ts';
import { consentPosition, standingSuppressions } from '../../../../lib/domain/state/position.ts';
import { ContactPointState, EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import {
  anyFact,
  consent,
  DAY_MS,
  hold,
  NOON,
  prooflessGrant,
  stateOf,
  suppression,
} from '../../../support/facts.ts';

const CALL = { channel: 'VOICE', purpose: 'MARKETING', seller: 'acme' } as const;
const RUNS = { numRuns: 2000 };
const bytes = (facts: readonly Fact[]) => canonicalJson(stateOf(...facts));

describe('the join of facts (I3)', () => {
  it('is commutative and associative: every order of the same facts ends in the same bytes', () => {
    const shuffled = fc
      .array(anyFact, { maxLength: 8 })
      .chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([facts, others]) => {
        expect(bytes(others)).toBe(bytes(facts));
      }),
      RUNS,
    );
  });

  it('is idempotent: redeliveries anywhere change no byte, and return the very same state', () => {
    const repeated = fc
      .array(anyFact, { minLength: 1, maxLength: 6 })
      .chain((facts) => fc.tuple(fc.constant(facts), fc.array(fc.constantFrom(...facts), { maxLength: 6 })));
    fc.assert(
      fc.property(repeated, ([facts, again]) => {
        const state = stateOf(...facts);
        for (const fact of again) expect(merge(state, fact)).toBe(state);
        expect(bytes([...again, ...facts])).toBe(bytes(facts));
      }),
      RUNS,
    );
  });

  it('does not depend on how deliveries are cut into batches', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 8 }), fc.nat(8), (facts, cut) => {
        const first = stateOf(...facts.slice(0, cut));
        const stored = ContactPointState.parse(JSON.parse(canonicalJson(first)));
        expect(canonicalJson(facts.slice(cut).reduce(merge, stored))).toBe(bytes(facts));
      }),
      RUNS,
    );
  });

  it('ends in the same bytes for all 720 orders of six facts about one facet', () => {
    const facts: Fact[] = [
      suppression({ eventId: 'a', expiresAt: NOON + DAY_MS }),
      suppression({ eventId: 'b' }),
      suppression({ eventId: 'b', by: 'agent-2', receivedAt: NOON + 5 }),
      suppression({ eventId: 'c', effectiveAt: NOON - 1 }),
      consent({ status: 'WITHDRAWN' }),
      consent(),
    ];
    const seen = new Set(permutations(facts).map(bytes));
    expect(seen.size).toBe(1);
  });

  it('always yields a state of the stored form', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 8 }), (facts) => {
        const state = stateOf(...facts);
        expect(ContactPointState.parse(state)).toEqual(state);
      }),
      RUNS,
    );
  });

  it('decides alike for two states of the same bytes, whatever the order of their keys', () => {
    const reversed = (facts: readonly Fact[]) => stateOf(...facts.toReversed());
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 8 }), (facts) => {
        const now = NOON + 2;
        const { grant, ...position } = consentPosition(stateOf(...facts), CALL, now);
        const { grant: other, ...mirrored } = consentPosition(reversed(facts), CALL, now);
        expect(mirrored).toEqual(position);
        expect([other?.effectiveAt, other?.expiresAt]).toEqual([grant?.effectiveAt, grant?.expiresAt]);
      }),
      RUNS,
    );
  });
});

describe('what a fact can never do', () => {
  it('TB5: a temporary entry never shortens a permanent one, nor one with a later end', () => {
    const temporary = suppression({ eventId: 'later', effectiveAt: NOON + 1, expiresAt: NOON + 2 });
    const lasting = [suppression(), suppression({ expiresAt: NOON + DAY_MS })];
    for (const fact of lasting) {
      const state = stateOf(fact, temporary);
      expect(standingSuppressions(state, CALL, NOON + 3)).toHaveLength(1);
    }
  });

  it('TB5, I8: what one source says leaves every byte that another source said', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 6 }), anyFact, (facts, last) => {
        const before = stateOf(...facts);
        const after = merge(before, last);
        for (const [key, record] of Object.entries(before.suppressions)) {
          const same = last.kind === 'suppression' && key.split('#')[3] === last.source;
          if (!same) expect(after.suppressions[key]).toBe(record);
        }
      }),
      RUNS,
    );
  });

  it('TB6: leaves the state it was given untouched, and says by identity whether anything changed', () => {
    const before = stateOf(suppression());
    const kept = structuredClone(before);
    expect(merge(before, suppression({ source: 'IVR' }))).not.toBe(before);
    expect(merge(before, suppression())).toBe(before);
    expect(before).toEqual(kept);
  });

  it('TB7: one phone holds many reasons, and the end of one ends no other', () => {
    const state = stateOf(
      suppression({ expiresAt: NOON + 1 }),
      suppression({ reason: 'INTERNAL_POLICY' }),
      suppression({ reason: 'OBJECTION', seller: 'acme' }),
    );
    expect(standingSuppressions(state, CALL, NOON + 1).map(({ reason }) => reason)).toEqual([
      'INTERNAL_POLICY',
      'OBJECTION',
    ]);
  });

  it('TB8: a replay never moves the first request; a later request of the same source does not either', () => {
    const first = suppression({ effectiveAt: NOON, receivedAt: NOON + 10 });
    const replay = suppression({ effectiveAt: NOON, receivedAt: NOON + DAY_MS });
    const second = suppression({ effectiveAt: NOON + DAY_MS, receivedAt: NOON + DAY_MS, eventId: 'event-2' });
    const state = stateOf(second, replay, first);
    expect(Object.values(state.suppressions)).toEqual([
      expect.objectContaining({
        firstEffectiveAt: NOON,
        receivedAt: NOON + 10,
        effectiveAt: NOON + DAY_MS,
        eventId: 'event-2',
      }),
    ]);
  });

  it('TB22: the same event delivered twice is one fact, whenever it arrives', () => {
    const grant = consent({ receivedAt: NOON + 1 });
    const again = consent({ receivedAt: NOON + DAY_MS });
    expect(bytes([grant, again])).toBe(bytes([grant]));
    expect(bytes([again, grant])).toBe(bytes([grant]));
  });

  it('TB35: no suppression, consent or expiry ever touches a hold', () => {
    const held = stateOf(hold());
    fc.assert(
      fc.property(fc.array(anyFact), (facts) => {
        const others = facts.filter(({ kind }) => kind !== 'hold');
        expect(others.reduce(merge, held).holds).toEqual(held.holds);
      }),
    );
  });

  it('EB5: a grant without proof adds nothing, not even a trace', () => {
    expect(merge(EMPTY_STATE, prooflessGrant())).toBe(EMPTY_STATE);
  });

  it('EB6: an older grant that arrives after a withdrawal changes no decision', () => {
    const state = stateOf(
      consent({ status: 'WITHDRAWN' }),
      consent({ effectiveAt: NOON - 1, eventId: 'late' }),
    );
    expect(consentPosition(state, CALL, NOON).status).toBe('WITHDRAWN');
  });
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
