import type { RuleOf } from '../policy.ts';
import { windowMs } from '../windows.ts';
import { cappedUntil, countedAttempts } from './attempts-counted.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/** At most `limit` attempts in any window of that length. An attempt that is as old as the window counts no more. */
export function evaluateFrequencyCap(rule: RuleOf<'frequencyCap'>, context: RuleContext): readonly Finding[] {
  const length = windowMs(rule.window);
  const ends = countedAttempts(rule, context).map(({ at }) => at + length);
  const opensAt = cappedUntil(ends, rule.limit, context.now);
  return opensAt === undefined ? [] : [finding(rule, 'FREQUENCY_CAP', opensAt)];
}
