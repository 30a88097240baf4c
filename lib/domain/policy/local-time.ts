import * as z from 'zod';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const Weekday = z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']);
export type Weekday = z.infer<typeof Weekday>;
const FROM_SUNDAY: readonly Weekday[] = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/** What the clock and the calendar on a wall show. */
export type LocalMoment = {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly weekday: Weekday;
  /** Minutes since local midnight, 0-1439. */
  readonly minute: number;
};

/** The local date, weekday and time in an IANA time zone at a moment in epoch milliseconds. */
export function localMoment(zone: string, at: number): LocalMoment {
  const wall = wallClock(zone, at);
  return {
    date: new Date(wall).toISOString().slice(0, 10),
    weekday: weekdayOf(wall),
    minute: Math.floor(wall / MINUTE_MS) % 1440,
  };
}

/** The weekday of a local time that is given as if it were UTC milliseconds. */
export function weekdayOf(wall: number): Weekday {
  const weekday = FROM_SUNDAY[new Date(wall).getUTCDay()];
  if (weekday === undefined) throw new RangeError('expected a time within the range of dates');
  return weekday;
}

/**
 * The moments at which the clock shows `minute` of the local day that comes `daysAhead` days after the one of `at`: two
 * where the clock strikes it twice, the end of the gap where it skips it, none if that day is not one of `days`.
 */
export function momentsOnDay(
  zone: string,
  at: number,
  { daysAhead, days, minute }: { daysAhead: number; days: readonly Weekday[]; minute: number },
): readonly number[] {
  const midnight = (Math.floor(wallClock(zone, at) / DAY_MS) + daysAhead) * DAY_MS;
  return days.includes(weekdayOf(midnight)) ? momentsOf(zone, midnight + minute * MINUTE_MS) : [];
}

/** The first moment of the local day after the one of `at`. */
export function startOfNextDay(zone: string, at: number): number {
  const moments = momentsOnDay(zone, at, { daysAhead: 1, days: FROM_SUNDAY, minute: 0 });
  return Math.min(...moments.filter((moment) => moment > at));
}

/** Whether a name is an IANA time zone of this machine's time zone data. */
export function isKnownZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** The first moment of the local day that comes `days` days after the local day of `at`. */
export function localDayStart(zone: string, at: number, days: number): number {
  const midnight = (Math.floor(wallClock(zone, at) / DAY_MS) + days) * DAY_MS;
  return Math.min(...momentsOf(zone, midnight));
}

/** The moments at which a zone's wall clock shows `wall` (local time as if it were UTC milliseconds), or skips it. */
function momentsOf(zone: string, wall: number): readonly number[] {
  // An offset changes at most once within a day, so one of the two offsets around the wanted time is the right one.
  const candidates = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - (wallClock(zone, near) - near));
  const exact = candidates.filter((moment) => wallClock(zone, moment) === wall);
  return exact.length > 0 ? exact : [endOfGap(zone, candidates)];
}

/** The moment between two at which the zone's offset changes, to the millisecond. */
function endOfGap(zone: string, around: readonly number[]): number {
  let before = Math.min(...around);
  let after = Math.max(...around);
  const offset = wallClock(zone, after) - after;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallClock(zone, middle) - middle === offset) after = middle;
    else before = middle;
  }
  return after;
}

type Clock = { readonly formatter: Intl.DateTimeFormat; at: number; wall: number };
const clocks = new Map<string, Clock>();

/** What the zone's wall clock shows, as UTC milliseconds of that reading. */
function wallClock(zone: string, at: number): number {
  const known = clocks.get(zone);
  const clock = known ?? { formatter: formatterOf(zone), at: Number.NaN, wall: Number.NaN };
  if (known === undefined) clocks.set(zone, clock);
  // Many rules ask one zone about one moment.
  if (clock.at !== at) Object.assign(clock, { at, wall: readClock(clock.formatter, at) });
  return clock.wall;
}

function readClock(formatter: Intl.DateTimeFormat, at: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000);
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}
