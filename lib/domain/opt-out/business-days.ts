const DAY_MS = 86_400_000;
const SUNDAY = 0;
const MONDAY = 1;
const THURSDAY = 4;
const FRIDAY = 5;
const SATURDAY = 6;

// 5 U.S.C. 6103(a): days of the month, and weekdays by month and place in it.
const FIXED = ['01-01', '06-19', '07-04', '11-11', '12-25'];
const BY_WEEKDAY = [
  { month: 1, weekday: MONDAY, nth: 3 },
  { month: 2, weekday: MONDAY, nth: 3 },
  { month: 5, weekday: MONDAY, nth: 'LAST' },
  { month: 9, weekday: MONDAY, nth: 1 },
  { month: 10, weekday: MONDAY, nth: 2 },
  { month: 11, weekday: THURSDAY, nth: 4 },
] as const;

/**
 * The same time of day so many business days later. The day of receipt does not count, nor do Saturdays, Sundays and
 * federal holidays. Days are UTC's, which begin earlier than those of the United States. Epoch milliseconds.
 */
export function businessDaysAfter(receivedAt: number, days: number): number {
  let at = receivedAt;
  for (let left = days; left > 0; ) {
    at += DAY_MS;
    if (isBusinessDay(at)) left -= 1;
  }
  return at;
}

function isBusinessDay(at: number): boolean {
  const weekday = new Date(at).getUTCDay();
  return weekday !== SATURDAY && weekday !== SUNDAY && !isHoliday(at);
}

// 5 U.S.C. 6103(b) and Executive Order 11582: Saturday's holiday is kept on Friday, Sunday's on Monday.
function isHoliday(at: number): boolean {
  const weekday = new Date(at).getUTCDay();
  const kept = [
    at,
    ...(weekday === MONDAY ? [at - DAY_MS] : []),
    ...(weekday === FRIDAY ? [at + DAY_MS] : []),
  ];
  return kept.some(isFixedHoliday) || isWeekdayHoliday(new Date(at));
}

function isFixedHoliday(at: number): boolean {
  return FIXED.includes(new Date(at).toISOString().slice(5, 10));
}

function isWeekdayHoliday(day: Date): boolean {
  const date = day.getUTCDate();
  const lastOfMonth = new Date(day.getTime() + 7 * DAY_MS).getUTCMonth() !== day.getUTCMonth();
  return BY_WEEKDAY.some(
    ({ month, weekday, nth }) =>
      month === day.getUTCMonth() + 1 &&
      weekday === day.getUTCDay() &&
      (nth === 'LAST' ? lastOfMonth : nth === Math.ceil(date / 7)),
  );
}
