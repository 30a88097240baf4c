import { isHoliday } from '../holidays.ts';
import { localDayStart, localMoment, momentsOnDay, Weekday } from '../local-time.ts';
import type { RuleOf, Window } from '../policy.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/** Zones that are never open together would go round for ever: two rounds a day, for a week and a day. */
const ROUNDS = 16;
/** A week, and one more day where a week's only opening has gone by today. */
const DAYS_AHEAD = 7;

/**
 * A window must be open in every time zone that the called party can be in, and in the rule's own zone if it names one.
 * `opensAt` is the first moment at which it is, and absent if no such moment comes within a week.
 */
export function evaluateCallingWindow(
  rule: RuleOf<'callingWindow'>,
  context: RuleContext,
): readonly Finding[] {
  const { timeZones } = context.subject;
  if (timeZones.length === 0) return [finding(rule, 'LOCATION_UNKNOWN')];
  const zones = rule.zone === undefined ? timeZones : [...timeZones, rule.zone];
  const opensAt = firstCommonMoment(zones, context.now, (zone, at) => openingIn(rule, zone, at));
  return opensAt === context.now ? [] : [finding(rule, 'OUTSIDE_CALLING_HOURS', opensAt)];
}

function firstCommonMoment(
  zones: readonly string[],
  now: number,
  opensIn: (zone: string, at: number) => number,
): number | undefined {
  let at = now;
  // Each round moves to the latest opening, where another zone may have closed again.
  for (let round = 0; round < ROUNDS; round += 1) {
    const opensAt = Math.max(...zones.map((zone) => opensIn(zone, at)));
    if (opensAt === at) return at;
    at = opensAt;
  }
  return undefined;
}

/** The first moment from `at` on at which a window is open in a zone. */
function openingIn(rule: RuleOf<'callingWindow'>, zone: string, at: number): number {
  const { date, weekday, minute } = localMoment(zone, at);
  const isOpen = windowsOn(rule, () => date).some(
    ({ days, from, until }) => days.includes(weekday) && minutes(from) <= minute && minute < minutes(until),
  );
  if (isOpen) return at;
  for (let daysAhead = 0; daysAhead <= DAYS_AHEAD; daysAhead += 1) {
    const day = () => localMoment(zone, localDayStart(zone, at, daysAhead)).date;
    const openings = windowsOn(rule, day)
      .flatMap(({ days, from }) => momentsOnDay(zone, at, { daysAhead, days, minute: minutes(from) }))
      .filter((moment) => moment > at);
    if (openings.length > 0) return Math.min(...openings);
  }
  throw new RangeError('expected a window to open within a week, as every rule has one');
}

function windowsOn({ windows, holidays }: RuleOf<'callingWindow'>, dateOf: () => string): readonly Window[] {
  return holidays !== undefined && isHoliday(holidays.calendar, dateOf())
    ? [{ ...holidays, days: [...Weekday.options] }]
    : windows;
}

function minutes(timeOfDay: string): number {
  const [hours = 0, rest = 0] = timeOfDay.split(':').map(Number);
  return hours * 60 + rest;
}
