import { describe, expect, it } from 'vitest';
import { nextPermittedAt } from '../../../../lib/domain/decision/decide.ts';
import { type HolidayCalendar, holidaysOf } from '../../../../lib/domain/policy/holidays.ts';
import { type Policy, policyOf, type Rule } from '../../../../lib/domain/policy/policy.ts';
import { contextOf } from '../../../support/contexts.ts';
import { Random } from '../../../support/random.ts';

const MINUTE = 60_000;
const DAY = 1440;
const YEAR_START = Date.UTC(2026, 0, 1);
const MINUTES = 365 * DAY;
const WEEK = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;

// Split zones, half hours and three quarters, DST north and south, none at all, half an hour of it, and one from midnight on.
const ZONES = [
  ...['America/New_York', 'America/Chicago', 'America/Denver', 'America/Phoenix', 'Pacific/Honolulu'],
  ...[
    'America/St_Johns',
    'America/Indiana/Indianapolis',
    'America/Puerto_Rico',
    'Europe/Paris',
    'Asia/Beirut',
  ],
  ...['Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Kiritimati'],
];

/** What the clocks of a zone show, asked of Intl each half hour: no clock here changes in between. */
function wallOf(zone: string): Float64Array {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const wall = new Float64Array(MINUTES);
  for (let at = 0; at < MINUTES; at += 30) {
    const shown = Date.parse(`${format.format(YEAR_START + at * MINUTE).replace(' ', 'T')}Z`) / MINUTE;
    for (let minute = 0; minute < 30; minute += 1) wall[at + minute] = shown + minute;
  }
  return wall;
}

const walls = new Map<string, Float64Array>();
function wallIn(zone: string): Float64Array {
  const wall = walls.get(zone) ?? wallOf(zone);
  walls.set(zone, wall);
  return wall;
}

const dates = new Map<number, string>();
function dateOf(day: number): string {
  const date = dates.get(day) ?? new Date(day * DAY * MINUTE).toISOString().slice(0, 10);
  dates.set(day, date);
  return date;
}

/** For each minute of the year whether the rule is silent there, by the words of the rule alone. */
function isOpen(rule: Rule, wall: number): boolean {
  const day = Math.floor(wall / DAY);
  // 1 January 1970 was a Thursday.
  const weekday = WEEK[(day + 4) % 7] ?? 'SU';
  const minute = wall % DAY;
  const on = (calendar: HolidayCalendar) => holidaysOn(calendar).has(dateOf(day));
  const within = ({ from, until }: { from: string; until: string }) =>
    minutesOf(from) <= minute && minute < minutesOf(until);
  switch (rule.kind) {
    case 'dayBan':
      return !rule.days.includes(weekday);
    case 'holidayBan':
      return !on(rule.calendar);
    case 'callingWindow':
      return rule.holidays !== undefined && on(rule.holidays.calendar)
        ? within(rule.holidays)
        : rule.windows.some((window) => window.days.includes(weekday) && within(window));
    default:
      return true;
  }
}

const holidays = new Map<string, ReadonlySet<string>>();
function holidaysOn(calendar: HolidayCalendar): ReadonlySet<string> {
  const found =
    holidays.get(calendar) ?? new Set([2025, 2026, 2027].flatMap((year) => holidaysOf(calendar, year)));
  holidays.set(calendar, found);
  return found;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The next open minute from each minute of the year on; -1 where the year ends first. */
function scan({ rules }: Policy, zones: readonly string[]): Int32Array {
  const next = new Int32Array(MINUTES);
  let open = -1;
  for (let at = MINUTES - 1; at >= 0; at -= 1) {
    const silent = rules.every((rule) => {
      const asked = rule.kind === 'callingWindow' && rule.zone !== undefined ? [...zones, rule.zone] : zones;
      return asked.every((zone) => isOpen(rule, wallIn(zone)[at] ?? Number.NaN));
    });
    if (silent) open = at;
    next[at] = open;
  }
  return next;
}

const random = new Random(Number(process.env['FUZZ_SEED'] ?? 20_261_122));
const half = (hours: number) => {
  const minutes = hours * 60 + random.pick([0, 30]);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};
const hours = () => ({
  from: half(random.pick([0, 1, 2, 8, 9, 10, 13])),
  until: half(random.pick([14, 17, 19, 20, 23])),
});
const days = () => {
  const some = WEEK.filter(() => random.chance(0.7));
  return some.length === 0 ? [random.pick(WEEK)] : [...some];
};
const calendar = () => random.pick<HolidayCalendar>(['us-la', 'us-ne', 'us-pa', 'fr', 'no']);

function randomRules(): Policy {
  const base = {
    jurisdiction: { except: [] },
    channels: ['VOICE' as const],
    purposes: ['MARKETING' as const],
    citation: 'the statute',
    mark: 'P' as const,
    effectiveFrom: '1970-01-01',
    contested: false,
  };
  const window = (id: string): Rule => ({
    ...base,
    id,
    kind: 'callingWindow',
    windows: [
      { days: days(), ...hours() },
      { days: days(), ...hours() },
    ],
    ...(random.chance(0.3) ? { zone: random.pick(ZONES) } : {}),
    ...(random.chance(0.4) ? { holidays: { calendar: calendar(), ...hours() } } : {}),
  });
  return policyOf({
    version: 'random',
    rules: [
      window('first'),
      ...(random.chance(0.5) ? [window('second')] : []),
      ...(random.chance(0.5)
        ? [{ ...base, id: 'sundays', kind: 'dayBan' as const, days: ['SU' as const] }]
        : []),
      ...(random.chance(0.5)
        ? [{ ...base, id: 'holidays', kind: 'holidayBan' as const, calendar: calendar() }]
        : []),
    ],
  });
}

const CASES = 6;
const MOMENTS = 60;
/** The last weeks of the year, whose next opening the scan may not see. */
const HORIZON = 335 * DAY;

describe('the next permitted moment of random rules in two zones', () => {
  it.each(Array.from({ length: CASES }, (_, turn) => turn))(
    'is what a scan of every minute of a year finds (%i)',
    () => {
      const policy = randomRules();
      const timeZones = [random.pick(ZONES), random.pick(ZONES)];
      const next = scan(policy, timeZones);
      const subject = { country: 'US', regions: [], timeZones };
      const changes = timeZones.flatMap((zone) =>
        clockChanges(wallIn(zone)).flatMap((at) => [at - 60, at - 1, at, at + 30]),
      );
      const moments = [...Array.from({ length: MOMENTS }, () => random.below(HORIZON)), ...changes];
      for (const at of moments.filter((one) => one >= 0 && one < HORIZON)) {
        const found = nextPermittedAt([contextOf({ subject, now: YEAR_START + at * MINUTE })], policy);
        const expected = next[at] ?? -1;
        const said = found === undefined ? undefined : (found - YEAR_START) / MINUTE;
        expect({ at, timeZones, said, rules: policy.rules }).toEqual({
          at,
          timeZones,
          said: expected < 0 ? undefined : expected,
          rules: policy.rules,
        });
      }
    },
  );
});

function clockChanges(wall: Float64Array): readonly number[] {
  const changes: number[] = [];
  for (let at = 1; at < MINUTES; at += 1) if ((wall[at] ?? 0) - (wall[at - 1] ?? 0) !== 1) changes.push(at);
  return changes;
}
