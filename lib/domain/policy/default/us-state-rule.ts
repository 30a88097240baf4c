import type { Rule, RuleOf, Window } from '../policy.ts';

// How the rows of the states' laws become rules.

export const WEEKDAYS: Window['days'] = ['MO', 'TU', 'WE', 'TH', 'FR'];
export const SATURDAY: Window['days'] = ['SA'];
export const SUNDAY: Window['days'] = ['SU'];
export const TO_SATURDAY: Window['days'] = [...WEEKDAYS, ...SATURDAY];
export const EVERY_DAY: Window['days'] = [...TO_SATURDAY, ...SUNDAY];

export const CALLS: Rule['channels'] = ['VOICE'];
export const TEXTS: Rule['channels'] = ['SMS'];
export const CALLS_AND_TEXTS: Rule['channels'] = ['VOICE', 'SMS'];
export const CENTRAL = 'America/Chicago';
export const MACHINES: NonNullable<Rule['technology']> = ['AUTOMATED', 'PRERECORDED'];

export const TEXTS_UNREAD = 'Whether texts are covered was not read; they are taken to be.';
export const TEXTS_CONTESTED = 'Whether texts are covered is contested; the stricter reading is taken.';

export type StateRow = Pick<Rule, 'channels' | 'citation' | 'mark'> &
  Partial<Pick<Rule, 'audience' | 'technology' | 'effectiveFrom' | 'effectiveTo' | 'note'>> &
  Pick<RuleOf<'callingWindow'>, 'exemptions'> & {
    /** Whether the law is unsettled; `note` says how. */
    readonly contested?: boolean;
  };

export const from = (start: string, until: string, days = EVERY_DAY): Window => ({
  days,
  from: start,
  until,
});

/** The rule's end in its id, its state, and what every row has. */
function base(state: string, what: string, { contested = false, ...row }: StateRow) {
  return {
    id: `us-${state.toLowerCase()}-${what}`,
    jurisdiction: { regions: [`US-${state}`] },
    purposes: ['MARKETING' as const],
    effectiveFrom: '1970-01-01',
    contested,
    ...row,
  };
}

export function hours(
  state: string,
  windows: Window[],
  row: StateRow & Pick<RuleOf<'callingWindow'>, 'holidays' | 'zone'> & { what?: string },
): Rule {
  const { what = 'hours', zone, holidays, ...rest } = row;
  return {
    ...base(state, what, rest),
    kind: 'callingWindow',
    windows,
    ...(zone === undefined ? {} : { zone }),
    ...(holidays === undefined ? {} : { holidays }),
  };
}

export function noSundays(state: string, row: StateRow): Rule {
  return { ...base(state, 'sundays', row), kind: 'dayBan', days: SUNDAY };
}

export function noHolidays(state: string, calendar: RuleOf<'holidayBan'>['calendar'], row: StateRow): Rule {
  return { ...base(state, 'holidays', row), kind: 'holidayBan', calendar };
}

export function emergencies(state: string, row: StateRow): Rule {
  return { ...base(state, 'emergency', row), kind: 'emergencyBan', periods: [] };
}

export const LIST_OF_DAYS = 'The list of days comes from general knowledge of the statute.';
