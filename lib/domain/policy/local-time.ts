const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Minutes since local midnight, 0-1439, in an IANA time zone at a moment in epoch milliseconds. */
export function localMinuteOfDay(zone: string, at: number): number {
  return Math.floor(wallClock(zone, at) / MINUTE_MS) % 1440;
}

/**
 * The first moment after `at` whose local time is `minuteOfDay`, be it the second time that the clock strikes it. Where
 * the clock skips that time, the first moment after the gap.
 */
export function nextLocalTime(zone: string, at: number, minuteOfDay: number): number {
  const midnight = Math.floor(wallClock(zone, at) / DAY_MS) * DAY_MS;
  const moments = [midnight, midnight + DAY_MS]
    .flatMap((day) => momentsOf(zone, day + minuteOfDay * MINUTE_MS))
    .filter((moment) => moment > at);
  return Math.min(...moments);
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

/** What the zone's wall clock shows, as UTC milliseconds of that reading. */
function wallClock(zone: string, at: number): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of formatter.formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1000) + 1000) % 1000);
}
