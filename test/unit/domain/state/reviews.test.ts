import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../lib/domain/canonical-json.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { merge } from '../../../../lib/domain/state/merge.ts';
import { standingSuppressions } from '../../../../lib/domain/state/position.ts';
import { holdsNoFacts } from '../../../../lib/domain/state/state.ts';
import { anyFact, NOON, review, stateOf, suppression } from '../../../support/facts.ts';

const TEXT = { channel: 'SMS', purpose: 'MARKETING', seller: 'acme' } as const;
const standing = (...facts: readonly Fact[]) =>
  standingSuppressions(stateOf(...facts), TEXT, NOON + 1).map(({ record }) => record.eventId);

/** A message that could be an opt-out: blocks until its review ends. */
const doubt = (reviewId: string) =>
  suppression({ channel: 'ALL', reason: 'PROVISIONAL', source: 'SMS_KEYWORD', eventId: reviewId, reviewId });

describe('a provisional suppression', () => {
  it.each(['OPT_OUT', 'NOT_OPT_OUT'] as const)('stands until its review ends with %s', (outcome) => {
    expect(standing(doubt('review-1'))).toEqual(['review-1']);
    expect(standing(doubt('review-1'), review({ outcome }))).toEqual([]);
  });

  it('ends with no other review: each message has its own', () => {
    expect(standing(doubt('review-1'), doubt('review-2'), review())).toEqual(['review-2']);
    expect(standing(doubt('review-1'), doubt('review-2'), review({ reviewId: 'review-2' }))).toEqual([
      'review-1',
    ]);
  });

  it('does not come back when its message is delivered again, nor when the review overtook it', () => {
    expect(standing(doubt('review-1'), review(), doubt('review-1'))).toEqual([]);
    expect(standing(review(), doubt('review-1'))).toEqual([]);
  });

  it('has no end where no review was opened', () => {
    expect(standing(suppression({ channel: 'ALL', reason: 'PROVISIONAL' }), review())).toEqual(['event-1']);
  });

  it('a review ends no suppression but the provisional one of its own', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 8 }), fc.constantFrom('a', 'b', 'toString'), (facts, id) => {
        const before = stateOf(...facts);
        const after = merge(before, review({ reviewId: id }));
        const kept = Object.keys(before.suppressions).filter((key) => !/#PROVISIONAL#.*#/.test(key));
        expect(after.suppressions).toEqual(before.suppressions);
        for (const channel of ['VOICE', 'SMS', 'EMAIL'] as const) {
          const scope = { ...TEXT, channel };
          const records = (state: typeof before) =>
            standingSuppressions(state, scope, NOON).map(({ record }) => record);
          const ended = records(before).filter((record) => !records(after).includes(record));
          const lasting = kept.map((key) => before.suppressions[key]);
          expect(ended.filter((record) => lasting.includes(record))).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the end of a review', () => {
  it('is the first word on it, whichever arrives first', () => {
    const first = review({ outcome: 'OPT_OUT', by: 'officer-2', at: NOON - 1 });
    const ends = { 'review-1': { outcome: 'OPT_OUT', by: 'officer-2', at: NOON - 1 } };
    expect(stateOf(first, review()).reviews).toEqual(ends);
    expect(stateOf(review(), first).reviews).toEqual(ends);
  });

  it('two at one moment end in the same bytes in either order', () => {
    const other = review({ outcome: 'OPT_OUT' });
    expect(canonicalJson(stateOf(review(), other))).toBe(canonicalJson(stateOf(other, review())));
  });

  it('is a fact: an item that holds one is not let go', () => {
    expect(holdsNoFacts(stateOf(review()))).toBe(false);
    expect(holdsNoFacts(stateOf())).toBe(true);
  });
});
