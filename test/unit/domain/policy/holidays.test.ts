import { describe, expect, it } from 'vitest';
import { type HolidayCalendar, holidaysOf, isHoliday } from '../../../../lib/domain/policy/holidays.ts';

const days = (calendar: HolidayCalendar, year: number) =>
  holidaysOf(calendar, year)
    .map((date) => date.slice(5))
    .join(' ');

describe('the holidays of a year', () => {
  it.each<[HolidayCalendar, number, string]>([
    // OPM's list for 2026; 4 July falls on a Saturday and is kept on the 3rd as well.
    ['us-federal', 2026, '01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25'],
    // 2027: Juneteenth on a Saturday, Independence Day on a Sunday, Christmas and the next New Year's Day on Saturdays.
    [
      'us-federal',
      2027,
      '01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31',
    ],
    // Service-public.fr for 2026, with Good Friday and 26 December of Alsace-Moselle.
    ['fr', 2026, '01-01 04-03 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25 12-26'],
    ['fr-overseas', 2026, '04-27 05-22 05-27 05-28 06-10 10-09 12-20'],
    ['no', 2026, '01-01 04-02 04-03 04-05 04-06 05-01 05-14 05-17 05-24 05-25 12-25 12-26'],
  ])('%s %i: %s', (calendar, year, expected) => {
    expect(days(calendar, year)).toBe(expected);
  });

  it.each<[HolidayCalendar, string, boolean]>([
    ['us-al', '2026-02-17', true],
    ['us-al', '2026-04-27', true],
    ['us-al', '2026-06-01', true],
    ['us-al', '2026-04-03', false],
    ['us-la', '2026-11-03', true],
    ['us-la', '2027-11-02', false],
    ['us-la', '2026-08-30', true],
    // A Sunday is kept on Monday.
    ['us-la', '2026-08-31', true],
    ['us-ne', '2026-04-24', true],
    ['us-pa', '2027-11-02', true],
    ['us-pa', '2026-06-14', true],
    ['us-pa', '2026-06-15', true],
    // Pennsylvania keeps no Saturday's holiday on Friday.
    ['us-pa', '2026-07-03', false],
    ['us-ri', '2026-08-10', true],
    ['us-ri', '2026-05-04', true],
    ['us-ut', '2026-07-24', true],
    // 19 June 2026 is a Friday: the Monday before; 2027 a Saturday: the Monday after.
    ['us-ut', '2026-06-15', true],
    ['us-ut', '2027-06-21', true],
    ['us-ut', '2027-06-14', false],
  ])('%s %s: %s', (calendar, date, expected) => {
    expect(isHoliday(calendar, date)).toBe(expected);
  });

  it.each([
    [2000, '04-24'],
    [2008, '03-24'],
    [2011, '04-25'],
    [2024, '04-01'],
    [2025, '04-21'],
    [2038, '04-26'],
  ])('Easter Monday of %i is %s', (year, monday) => {
    expect(isHoliday('fr', `${year}-${monday}`)).toBe(true);
  });
});
