import { isHoliday } from '../policy/holidays.ts';

const DAY_MS = 86_400_000;
const SUNDAY = 0;
const SATURDAY = 6;

/**
 * The same time of day so many business days later. The day of receipt does not count, nor do Saturdays, Sundays and
 * federal holidays. Days are UTC's, which begin earlier than those of the United States. Epoch milliseconds.
 */
export function businessDaysAfter(receivedAt: number, days: number): number {
  let at = receivedAt;
  for (let left = days; left > 0; ) {
    at += DAY_MS;
    if (isBusinessDay(new Date(at))) left -= 1;
  }
  return at;
}

function isBusinessDay(day: Date): boolean {
  const weekday = day.getUTCDay();
  const atWork = weekday !== SATURDAY && weekday !== SUNDAY;
  return atWork && !isHoliday('us-federal', day.toISOString().slice(0, 10));
}
