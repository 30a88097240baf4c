import { describe, expect, it } from 'vitest';
import { HoldFact } from '../../../../lib/domain/state/facts.ts';
import { standingHolds } from '../../../../lib/domain/state/position.ts';
import { hold, NOON, stateOf } from '../../../support/facts.ts';

const placed = hold();
const released = (by: string, at = NOON + 1, caseId = 'case-1') =>
  hold({ action: 'RELEASED', by, at, caseId });

describe('a litigation hold', () => {
  it.each([
    { title: 'nobody placed one', facts: [], stands: [] },
    { title: 'placed', facts: [placed], stands: ['case-1'] },
    { title: 'released by one person', facts: [placed, released('legal-2')], stands: ['case-1'] },
    {
      title: 'released twice by the same person',
      facts: [placed, released('legal-2'), released('legal-2', NOON + 5)],
      stands: ['case-1'],
    },
    {
      title: 'released by two people',
      facts: [placed, released('legal-2'), released('legal-3')],
      stands: [],
    },
    {
      title: 'releases that arrive before the hold, made after it',
      facts: [released('legal-2'), released('legal-3'), placed],
      stands: [],
    },
    {
      title: 'releases made at the very moment of the hold',
      facts: [placed, released('legal-2', NOON), released('legal-3', NOON)],
      stands: ['case-1'],
    },
    {
      title: 'placed again after its release',
      facts: [placed, released('legal-2'), released('legal-3'), hold({ at: NOON + 2 })],
      stands: ['case-1'],
    },
    {
      title: 'one of two releases is older than the second placing',
      facts: [placed, released('legal-2'), hold({ at: NOON + 2 }), released('legal-3', NOON + 3)],
      stands: ['case-1'],
    },
    {
      title: 'one case released, another standing',
      facts: [placed, hold({ caseId: 'case-2' }), released('legal-2'), released('legal-3')],
      stands: ['case-2'],
    },
    { title: 'released but never placed', facts: [released('legal-2')], stands: [] },
    {
      title: 'ids that every object already has a property for',
      facts: [hold({ caseId: 'constructor' }), released('toString', NOON + 1, 'constructor')],
      stands: ['constructor'],
    },
    {
      title: 'the same, released by two',
      facts: [
        hold({ caseId: 'constructor' }),
        released('toString', NOON + 1, 'constructor'),
        released('valueOf', NOON + 1, 'constructor'),
      ],
      stands: [],
    },
  ])('$title: $stands', ({ facts, stands }) => {
    expect(standingHolds(stateOf(...facts))).toEqual(stands);
  });

  it('cannot be placed at the beginning of time, where it would be no younger than one that nobody placed', () => {
    expect(HoldFact.safeParse({ ...placed, at: 0 }).success).toBe(false);
  });

  it('keeps the newest placing, and of two at one moment the same one in either order', () => {
    const other = hold({ by: 'legal-9' });
    expect(stateOf(placed, other)).toEqual(stateOf(other, placed));
    expect(stateOf(hold({ at: NOON + 1 }), other).holds['case-1']).toMatchObject({ placedBy: 'legal-1' });
  });
});
