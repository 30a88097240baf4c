import { type ContactScope, consentPosition } from './position.ts';
import type { ContactPointState } from './state.ts';

/** Notes that a contact which rests on consent was allowed at `at` (epoch milliseconds); no consent, no note. */
export function withUse(state: ContactPointState, scope: ContactScope, at: number): ContactPointState {
  if (consentPosition(state, scope, at).status !== 'GRANTED') return state;
  const key = [scope.channel, scope.purpose, scope.seller ?? '*'].join('#');
  const { uses = {} } = state;
  return { ...state, uses: { ...uses, [key]: Math.max(uses[key] ?? 0, at) } };
}

/** When a consent, by its facet's key, last let a contact through; undefined if it never did. Epoch milliseconds. */
export function lastUseOf({ uses = {} }: ContactPointState, facet: string): number | undefined {
  const scoped = facet.split('#');
  const times = Object.entries(uses).flatMap(([key, at]) => {
    const used = key.split('#');
    return scoped.every((part, position) => part === '*' || part === 'ALL' || part === used[position])
      ? [at]
      : [];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}
