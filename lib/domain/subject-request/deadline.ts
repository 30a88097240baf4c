import { addMonths } from '../policy/calendar-months.ts';

const DAY_MS = 86_400_000;
/** GDPR Art 12(3): one month from receipt, two further months where the person is told within the first. */
const MONTHS = 1;
const EXTENDED_MONTHS = 3;

export type Deadline = {
  /** ISO 8601 date: what alarms go by, whatever day of the week it is. */
  readonly nominalOn: string;
  /** ISO 8601 date: the last day allowed, which is never a Saturday, a Sunday or a public holiday. */
  readonly dueOn: string;
};

/**
 * When a request must be answered. Regulation (EEC, Euratom) 1182/71: the day of receipt does not count, a month ends on
 * the same date or on its last day (Art 3(2)(c)), and an end on a day off moves to the next working day (Art 3(4)).
 *
 * @param request `receivedOn` is the ISO 8601 date of receipt on the operator's clock.
 * @param isHoliday says whether an ISO 8601 date is a public holiday where the operator is.
 */
export function deadlineOf(
  request: { readonly receivedOn: string; readonly extended: boolean },
  isHoliday: (date: string) => boolean,
): Deadline {
  const months = request.extended ? EXTENDED_MONTHS : MONTHS;
  const nominal = addMonths(Date.parse(request.receivedOn), months);
  let due = nominal;
  while (isDayOff(due, isHoliday)) due += DAY_MS;
  return { nominalOn: dateOf(nominal), dueOn: dateOf(due) };
}

function isDayOff(day: number, isHoliday: (date: string) => boolean): boolean {
  return new Date(day).getUTCDay() % 6 === 0 || isHoliday(dateOf(day));
}

function dateOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
