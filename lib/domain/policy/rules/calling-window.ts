import { localMinuteOfDay, nextLocalTime } from '../local-time.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/**
 * The window must be open in every time zone that the called party can be in. `opensAt` is the first moment at which
 * it is, and absent if no such moment comes within two days.
 */
export function evaluateCallingWindow(
  rule: RuleOf<'callingWindow'>,
  context: RuleContext,
): readonly Finding[] {
  const { timeZones } = context.subject;
  if (timeZones.length === 0) return [finding(rule, 'LOCATION_UNKNOWN')];
  const from = minutes(rule.from);
  const until = minutes(rule.until);
  const opensIn = (zone: string, at: number): number => {
    const minute = localMinuteOfDay(zone, at);
    return from <= minute && minute < until ? at : nextLocalTime(zone, at, from);
  };
  const opensAt = firstCommonMoment(timeZones, context.now, opensIn);
  return opensAt === context.now ? [] : [finding(rule, 'OUTSIDE_CALLING_HOURS', opensAt)];
}

function firstCommonMoment(
  zones: readonly string[],
  now: number,
  opensIn: (zone: string, at: number) => number,
): number | undefined {
  let at = now;
  // Each round moves to the latest opening; zones whose windows never overlap would go round for ever.
  for (let round = 0; round < 4; round += 1) {
    const opensAt = Math.max(...zones.map((zone) => opensIn(zone, at)));
    if (opensAt === at) return at;
    at = opensAt;
  }
  return undefined;
}

function minutes(timeOfDay: string): number {
  const [hours = 0, rest = 0] = timeOfDay.split(':').map(Number);
  return hours * 60 + rest;
}
