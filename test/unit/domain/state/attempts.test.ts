import { describe, expect, it } from 'vitest';
import { withAttempt as counting, withoutAttempt } from '../../../../lib/domain/state/attempts.ts';
import {
  type Attempt,
  type ContactPointState,
  EMPTY_STATE,
  holdsNoFacts,
} from '../../../../lib/domain/state/state.ts';
import {
  consent,
  conversation,
  DAY_MS,
  hold,
  NOON,
  reassignment,
  relationship,
  stateOf,
  suppression,
} from '../../../support/facts.ts';

const attempt = (decisionId: string, at = NOON) =>
  ({ at, decisionId, channel: 'VOICE', purpose: 'MARKETING' }) as const;
const WINDOW_MS = 30 * DAY_MS;
const withAttempt = (state: ContactPointState, added: Attempt) => counting(state, added, WINDOW_MS);
const ids = (state: typeof EMPTY_STATE) => state.attempts.map(({ decisionId }) => decisionId);

describe('counted attempts', () => {
  it('are counted once per decision', () => {
    const state = withAttempt(withAttempt(EMPTY_STATE, attempt('a')), attempt('a', NOON + 1));
    expect(state.attempts).toEqual([attempt('a', NOON + 1)]);
  });

  it.each([
    { age: WINDOW_MS - 1, kept: ['old', 'new'] },
    { age: WINDOW_MS, kept: ['new'] },
  ])('one that is $age ms old: $kept', ({ age, kept }) => {
    expect(ids(withAttempt(withAttempt(EMPTY_STATE, attempt('old', NOON - age)), attempt('new')))).toEqual(
      kept,
    );
  });

  it('keep the newest, so that a number dialled without end does not outgrow its item', () => {
    let state = EMPTY_STATE;
    for (let call = 0; call < 400; call += 1) state = withAttempt(state, attempt(`d${call}`, NOON + call));
    expect(state.attempts.length).toBeLessThanOrEqual(100);
    expect(ids(state).at(-1)).toBe('d399');
  });

  it('are taken back by decision', () => {
    const state = withAttempt(withAttempt(EMPTY_STATE, attempt('a')), attempt('b'));
    expect(ids(withoutAttempt(state, 'a'))).toEqual(['b']);
    expect(ids(withoutAttempt(state, undefined))).toEqual(['a', 'b']);
  });

  it('are no facts: an item of attempts alone may be let go', () => {
    expect(holdsNoFacts(withAttempt(EMPTY_STATE, attempt('a')))).toBe(true);
    for (const fact of [suppression(), consent(), hold(), conversation(), relationship(), reassignment()])
      expect(holdsNoFacts(stateOf(fact))).toBe(false);
  });
});
