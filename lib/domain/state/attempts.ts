import type { Attempt, ContactPointState } from './state.ts';

/** The longest window over which the policy counts attempts, milliseconds: 31 days. */
const WINDOW_MS = 31 * 86_400_000;
/** No law counts this far; more would only make the item and its entries grow with every attempt. */
const MOST_COUNTED = 100;

/** Counts an attempt, once per decision, and lets go those that are too old to count, or too many. */
export function withAttempt(state: ContactPointState, attempt: Attempt): ContactPointState {
  const counted = state.attempts.filter(
    ({ at, decisionId }) => attempt.at - at < WINDOW_MS && decisionId !== attempt.decisionId,
  );
  return { ...state, attempts: [...counted, attempt].slice(-MOST_COUNTED) };
}

/** The state as it was before a decision's attempt was counted. */
export function withoutAttempt(state: ContactPointState, decisionId: string | undefined): ContactPointState {
  return { ...state, attempts: state.attempts.filter((attempt) => attempt.decisionId !== decisionId) };
}
