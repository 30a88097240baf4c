import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merge } from '../../../../lib/domain/state/merge.ts';
import { EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import { factsToCarry } from '../../../../lib/domain/subject-request/rectify.ts';
import { consent, DAY_MS, hold, NOON, stateOf, suppression, writtenConsent } from '../../../support/facts.ts';

const carried = (state: ReturnType<typeof stateOf>) => factsToCarry(state).reduce(merge, EMPTY_STATE);

describe('what is carried to the contact point that stands in the place of another', () => {
  it('is every suppression, consent and standing hold, with their times', () => {
    const state = stateOf(
      suppression({ seller: 'acme', expiresAt: NOON + DAY_MS }),
      suppression({ reason: 'OBJECTION', source: 'LETTER' }),
      suppression({ reason: 'OBJECTION', source: 'LETTER', effectiveAt: NOON + 9, eventId: 'again' }),
      consent({ seller: 'acme' }),
      consent({ seller: 'acme', status: 'WITHDRAWN', effectiveAt: NOON + 1 }),
      hold(),
    );
    expect(carried(state)).toEqual(state);
  });

  it('keeps a provisional block, now without end', () => {
    const state = stateOf(suppression({ reason: 'PROVISIONAL', reviewId: 'a'.repeat(32) }));
    expect(Object.keys(carried(state).suppressions)).toEqual([
      expect.stringMatching(/^ALL#INTERNAL_POLICY#|^[A-Z]+#INTERNAL_POLICY#/),
    ]);
  });

  it('names the new number in no writing', () => {
    const [fact] = factsToCarry(stateOf(writtenConsent()));
    expect(fact).toMatchObject({
      kind: 'consent',
      status: 'GRANTED',
      proof: { written: { namesNumber: false } },
    });
  });

  it('may be carried twice', () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 6 });
    fc.assert(
      fc.property(times, (days) => {
        const state = stateOf(
          ...days.map((day) => suppression({ effectiveAt: NOON + day, eventId: `e-${day}` })),
        );
        const once = carried(state);
        expect(factsToCarry(once).reduce(merge, once)).toEqual(once);
      }),
    );
  });
});
