import * as z from 'zod';
import { type Weekday, weekdayOf } from './local-time.ts';

// Statutes name the days; proclamations of a governor for one year do not stand here. What a list leaves open (a day kept in
// some counties, an election day) is taken to be a holiday: the stricter reading.
export const HolidayCalendar = z.enum([
  ...(['us-federal', 'us-al', 'us-la', 'us-ne', 'us-pa', 'us-ri', 'us-ut'] as const),
  ...(['fr', 'fr-overseas', 'no'] as const),
]);
export type HolidayCalendar = z.infer<typeof HolidayCalendar>;

type Day =
  | { readonly month: number; readonly day: number }
  /** The `nth` such weekday of a month, the last one for -1, and so many days after it. */
  | { readonly month: number; readonly weekday: Weekday; readonly nth: number; readonly plus?: number }
  /** Days after Easter Sunday. */
  | { readonly easter: number }
  /** The Monday on or before 19 June from Tuesday to Friday, the Monday after from Saturday to Sunday. */
  | 'UTAH_JUNETEENTH'
  /** The Tuesday after the first Monday of November, in even years alone where the statute says so. */
  | 'ELECTION_DAY_OF_EVEN_YEARS';

type Calendar = {
  readonly days: readonly Day[];
  /** Where a day on a Saturday or a Sunday is kept as well. */
  readonly saturdayMoves?: -1;
  readonly sundayMoves?: 1;
};

const on = (month: number, day: number): Day => ({ month, day });
const nth = (month: number, weekday: Weekday, nth: number, plus = 0): Day => ({ month, weekday, nth, plus });
const easter = (days: number): Day => ({ easter: days });

const NEW_YEAR = on(1, 1);
const KING = nth(1, 'MO', 3);
const WASHINGTON = nth(2, 'MO', 3);
const MEMORIAL = nth(5, 'MO', -1);
const JUNETEENTH = on(6, 19);
const INDEPENDENCE = on(7, 4);
const LABOR = nth(9, 'MO', 1);
const COLUMBUS = nth(10, 'MO', 2);
const VETERANS = on(11, 11);
const THANKSGIVING = nth(11, 'TH', 4);
const CHRISTMAS = on(12, 25);
const MARDI_GRAS = easter(-47);
const GOOD_FRIDAY = easter(-2);

// 5 U.S.C. 6103(a).
const FEDERAL: readonly Day[] = [
  ...[NEW_YEAR, KING, WASHINGTON, MEMORIAL, JUNETEENTH, INDEPENDENCE],
  ...[LABOR, COLUMBUS, VETERANS, THANKSGIVING, CHRISTMAS],
];

const FRENCH: readonly Day[] = [
  ...[NEW_YEAR, GOOD_FRIDAY, easter(1), on(5, 1), on(5, 8), easter(39), easter(50)],
  ...[on(7, 14), on(8, 15), on(11, 1), VETERANS, CHRISTMAS, on(12, 26)],
];

const CALENDARS: Record<HolidayCalendar, Calendar> = {
  'us-federal': { days: FEDERAL, saturdayMoves: -1, sundayMoves: 1 },
  // Ala. Code 1-3-8: Mardi Gras, Confederate Memorial Day and Jefferson Davis' birthday besides.
  'us-al': {
    days: [...FEDERAL, MARDI_GRAS, nth(4, 'MO', 4), nth(6, 'MO', 1)],
    saturdayMoves: -1,
    sundayMoves: 1,
  },
  // La. R.S. 1:55: Battle of New Orleans, Mardi Gras, Good Friday, Huey Long, All Saints, general election day besides.
  'us-la': {
    days: [
      ...FEDERAL,
      ...[on(1, 8), MARDI_GRAS, GOOD_FRIDAY, on(8, 30), on(11, 1), 'ELECTION_DAY_OF_EVEN_YEARS' as const],
    ],
    saturdayMoves: -1,
    sundayMoves: 1,
  },
  // Neb. Rev. Stat. 25-2221: Arbor Day and the day after Thanksgiving besides.
  'us-ne': {
    days: [...FEDERAL, nth(4, 'FR', -1), nth(11, 'TH', 4, 1)],
    saturdayMoves: -1,
    sundayMoves: 1,
  },
  // 44 P.S. 11: Lincoln, Good Friday, Flag Day and election day besides.
  'us-pa': {
    days: [...FEDERAL, on(2, 12), GOOD_FRIDAY, on(6, 14), nth(11, 'MO', 1, 1)],
    sundayMoves: 1,
  },
  // R.I. Gen. Laws 25-1-1: Rhode Island Independence Day, Victory Day and state election day besides; 5-61-3.6 adds the
  // federal days, which are kept on Friday where they fall on a Saturday.
  'us-ri': {
    days: [...FEDERAL, on(5, 4), nth(8, 'MO', 2), 'ELECTION_DAY_OF_EVEN_YEARS'],
    saturdayMoves: -1,
    sundayMoves: 1,
  },
  // Utah Code 63G-1-301: Pioneer Day and a movable Juneteenth besides.
  'us-ut': { days: [...FEDERAL, on(7, 24), 'UTAH_JUNETEENTH'], saturdayMoves: -1, sundayMoves: 1 },
  // Code du travail L3133-1; L3134-13: Good Friday and 26 December in Alsace-Moselle.
  fr: { days: FRENCH },
  // L3422-2: the abolition of slavery in Mayotte, Martinique, Guadeloupe, Saint-Martin, Guyane, Saint-Barthélemy, Réunion.
  'fr-overseas': {
    days: [on(4, 27), on(5, 22), on(5, 27), on(5, 28), on(6, 10), on(10, 9), on(12, 20)],
  },
  // Lov om helligdager og helligdagsfred 2, lov om 1. og 17. mai som høgtidsdager.
  no: {
    days: [
      ...[NEW_YEAR, easter(-3), GOOD_FRIDAY, easter(0), easter(1), on(5, 1), on(5, 17)],
      ...[easter(39), easter(49), easter(50), CHRISTMAS, on(12, 26)],
    ],
  },
};

const DAY_MS = 86_400_000;
const known = new Map<string, ReadonlySet<string>>();

/** Whether a local date (`YYYY-MM-DD`) is a holiday of a calendar: the day itself, and the one on which it is kept. */
export function isHoliday(calendar: HolidayCalendar, date: string): boolean {
  const key = `${calendar} ${date.slice(0, 4)}`;
  let holidays = known.get(key);
  if (holidays === undefined) {
    holidays = new Set(holidaysOf(calendar, Number(date.slice(0, 4))));
    known.set(key, holidays);
  }
  return holidays.has(date);
}

/** The holidays of a calendar in a year, sorted, as `YYYY-MM-DD`. */
export function holidaysOf(calendar: HolidayCalendar, year: number): readonly string[] {
  const { days, saturdayMoves, sundayMoves } = CALENDARS[calendar];
  // New Year's Day of the next year can be kept on 31 December.
  const moments = [year, year + 1].flatMap((one) => days.flatMap((day) => daysOf(day, one)));
  const kept = moments.flatMap((moment) => {
    const weekday = weekdayOf(moment);
    const moves = weekday === 'SA' ? saturdayMoves : weekday === 'SU' ? sundayMoves : undefined;
    return moves === undefined ? [moment] : [moment, moment + moves * DAY_MS];
  });
  const dates = kept.map((moment) => new Date(moment).toISOString().slice(0, 10));
  return [...new Set(dates)].filter((date) => Number(date.slice(0, 4)) === year).sort();
}

function daysOf(day: Day, year: number): readonly number[] {
  if (day === 'ELECTION_DAY_OF_EVEN_YEARS') return year % 2 === 0 ? daysOf(nth(11, 'MO', 1, 1), year) : [];
  if (day === 'UTAH_JUNETEENTH') return [mondayOfJuneteenth(year)];
  if ('easter' in day) return [easterSunday(year) + day.easter * DAY_MS];
  if ('day' in day) return [Date.UTC(year, day.month - 1, day.day)];
  return [nthWeekday(year, day) + (day.plus ?? 0) * DAY_MS];
}

function nthWeekday(year: number, { month, weekday, nth }: Extract<Day, { nth: number }>): number {
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const days = Array.from({ length: lastDay }, (_, index) => Date.UTC(year, month - 1, index + 1));
  const found = days.filter((day) => weekdayOf(day) === weekday).at(nth < 0 ? nth : nth - 1);
  if (found === undefined) throw new RangeError(`expected weekday ${nth} of the month to exist`);
  return found;
}

function mondayOfJuneteenth(year: number): number {
  const juneteenth = Date.UTC(year, 5, 19);
  const toMonday = { MO: 0, TU: -1, WE: -2, TH: -3, FR: -4, SA: 2, SU: 1 }[weekdayOf(juneteenth)];
  return juneteenth + toMonday * DAY_MS;
}

/** Easter Sunday of the Gregorian calendar as UTC milliseconds (Meeus, Astronomical Algorithms, chapter 8). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1);
}
