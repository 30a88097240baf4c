import type { Attempt, ContactPointState } from './state.ts';

/** No law counts this far; more would only make the item and its entries grow with every attempt. */
export const MOST_ATTEMPTS = 100;

/**
 * Counts an attempt, once per decision, and lets go those that are too old to count, or too many. `countForMs`: the
 * longest window in which the policy counts attempts, milliseconds.
 */
export function withAttempt(
  state: ContactPointState,
  attempt: Attempt,
  countForMs: number,
): ContactPointState {
  const counted = state.attempts.filter(
    ({ at, decisionId }) => attempt.at - at < countForMs && decisionId !== attempt.decisionId,
  );
  return { ...state, attempts: [...counted, attempt].slice(-MOST_ATTEMPTS) };
}

/** The state as it was before a decision's attempt was counted. */
export function withoutAttempt(state: ContactPointState, decisionId: string | undefined): ContactPointState {
  return { ...state, attempts: state.attempts.filter((attempt) => attempt.decisionId !== decisionId) };
}
