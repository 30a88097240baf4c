import type { ReasonCode } from '../../decision/reasons.ts';
import { isHoliday } from '../holidays.ts';
import { type LocalMoment, localMoment, startOfNextDay } from '../local-time.ts';
import type { RuleOf } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/** No contact on a named weekday, wherever the called party can be. */
export function evaluateDayBan(rule: RuleOf<'dayBan'>, context: RuleContext): readonly Finding[] {
  return dayFindings(rule, context, {
    code: 'DAY_NOT_PERMITTED',
    isBanned: ({ weekday }) => rule.days.includes(weekday),
  });
}

/** No contact on a holiday of the named calendar, wherever the called party can be. */
export function evaluateHolidayBan(rule: RuleOf<'holidayBan'>, context: RuleContext): readonly Finding[] {
  return dayFindings(rule, context, {
    code: 'PUBLIC_HOLIDAY',
    isBanned: ({ date }) => isHoliday(rule.calendar, date),
  });
}

/** No contact while an emergency is declared. */
export function evaluateEmergencyBan(rule: RuleOf<'emergencyBan'>, { now }: RuleContext): readonly Finding[] {
  const ends = rule.periods
    .map(({ from, until }) => ({
      from: Date.parse(from),
      until: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
    }))
    .filter(({ from, until }) => from <= now && now < until)
    .map(({ until }) => until);
  if (ends.length === 0) return [];
  const last = Math.max(...ends);
  return [finding(rule, 'DECLARED_EMERGENCY', Number.isFinite(last) ? last : undefined)];
}

function dayFindings(
  rule: RuleOf<'dayBan' | 'holidayBan'>,
  { subject, now }: RuleContext,
  ban: { readonly code: ReasonCode; readonly isBanned: (moment: LocalMoment) => boolean },
): readonly Finding[] {
  if (subject.timeZones.length === 0) return [finding(rule, 'LOCATION_UNKNOWN')];
  const banned = subject.timeZones.filter((zone) => ban.isBanned(localMoment(zone, now)));
  if (banned.length === 0) return [];
  // Another banned day may follow: whoever seeks the next permitted moment asks again then.
  return [finding(rule, ban.code, Math.max(...banned.map((zone) => startOfNextDay(zone, now))))];
}
