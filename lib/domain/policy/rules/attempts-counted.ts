import type { Attempt } from '../../state/state.ts';
import type { RuleOf } from '../policy.ts';
import type { RuleContext } from './context.ts';

/**
 * The attempts that a cap counts: those of its channels and purposes. An attempt on behalf of nobody named, and a
 * contact on behalf of nobody named, count for every seller.
 */
export function countedAttempts(
  rule: RuleOf<'frequencyCap' | 'contactCap'>,
  { state, scope }: Pick<RuleContext, 'state' | 'scope'>,
): readonly Attempt[] {
  const sameSeller = ({ seller }: Attempt) =>
    seller === undefined || scope.seller === undefined || seller === scope.seller;
  return state.attempts.filter(
    (attempt) =>
      rule.channels.includes(attempt.channel) &&
      rule.purposes.includes(attempt.purpose) &&
      (rule.per === 'ANY_SELLER' || sameSeller(attempt)),
  );
}

/**
 * The moment at which fewer than `limit` attempts count any more, from the moments at which each stops to count;
 * undefined if fewer do already. Epoch milliseconds.
 */
export function cappedUntil(ends: readonly number[], limit: number, now: number): number | undefined {
  const ahead = ends.filter((end) => now < end).toSorted((a, b) => a - b);
  return ahead.length < limit ? undefined : ahead[ahead.length - limit];
}
