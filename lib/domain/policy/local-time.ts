const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** Minutes since local midnight, 0-1439, in an IANA time zone at a moment in epoch milliseconds. */
export function localMinuteOfDay(zone: string, at: number): number {
  return Math.floor(wallClock(zone, at) / MINUTE_MS) % 1440;
}

/**
 * The first moment after `at` whose local time is `minuteOfDay`. Where the clock skips that time, the first moment
 * after the gap; where it strikes twice, the first.
 */
export function nextLocalTime(zone: string, at: number, minuteOfDay: number): number {
  const midnight = Math.floor(wallClock(zone, at) / DAY_MS) * DAY_MS;
  const today = momentOf(zone, midnight + minuteOfDay * MINUTE_MS);
  return today > at ? today : momentOf(zone, midnight + DAY_MS + minuteOfDay * MINUTE_MS);
}

/** The moment at which a zone's wall clock shows `wall` (local time as if it were UTC milliseconds). */
function momentOf(zone: string, wall: number): number {
  // An offset changes at most once within a day, so one of the two offsets around the wanted time is the right one.
  const candidates = [wall - DAY_MS, wall + DAY_MS].map((near) => wall - (wallClock(zone, near) - near));
  const exact = candidates.filter((moment) => wallClock(zone, moment) === wall);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
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
