import type { Rule } from '../policy.ts';
import {
  CALLS,
  CALLS_AND_TEXTS,
  CENTRAL,
  emergencies,
  from,
  hours,
  LIST_OF_DAYS,
  MACHINES,
  noHolidays,
  noSundays,
  SATURDAY,
  type StateRow,
  SUNDAY,
  TEXTS,
  TEXTS_CONTESTED,
  TEXTS_UNREAD,
  TO_SATURDAY,
  WEEKDAYS,
} from './us-state-rule.ts';

const PA_ACT_47: StateRow = {
  channels: CALLS_AND_TEXTS,
  citation: '73 P.S. 2245(a)(1), (10); Act 47 of 2026',
  mark: 'S',
  effectiveFrom: '2026-10-18',
};

const UT: StateRow = {
  channels: CALLS_AND_TEXTS,
  citation: 'Utah Code 13-25a-103(3)',
  mark: 'P',
  contested: true,
  exemptions: [{ kind: 'consent' }],
  note: TEXTS_UNREAD,
};

const TEXAS = [from('09:00', '21:00', TO_SATURDAY), from('12:00', '21:00', SUNDAY)];
const TX = {
  citation: 'Tex. Bus. & Com. Code 301.051(b)(2)',
  mark: 'S',
  contested: true,
  zone: CENTRAL,
} as const;
const TX_ZONES = 'Sources disagree on Central or the called party’s time: both must be open.';

/** The same for North Carolina to Wyoming. */
export const US_STATES_N_TO_Z: readonly Rule[] = [
  hours('NC', [from('08:00', '21:00')], {
    channels: CALLS,
    citation: 'N.C. Gen. Stat. 75-102(f)',
    mark: 'Sq',
  }),
  hours('NE', [from('08:00', '21:00', TO_SATURDAY), from('13:00', '21:00', SUNDAY)], {
    what: 'recorded-hours',
    holidays: { calendar: 'us-ne', from: '13:00', until: '21:00' },
    channels: CALLS,
    technology: MACHINES,
    citation: 'Neb. Rev. Stat. 86-248(1), 25-2221',
    mark: 'S',
    note: LIST_OF_DAYS,
  }),
  hours('NJ', [from('08:00', '21:00')], { channels: CALLS, citation: 'N.J.S.A. 56:8-128(c)', mark: 'Sq' }),
  hours('NM', [from('09:00', '21:00')], {
    channels: CALLS,
    citation: 'N.M. Stat. 57-12-22(B)(5)',
    mark: 'Sq',
  }),
  hours('NV', [from('09:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'NRS 598.0918(3)',
    mark: 'S',
  }),
  hours('NY', [from('08:00', '21:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'N.Y. Gen. Bus. Law 399-z(2)',
    mark: 'P',
  }),
  emergencies('NY', {
    channels: CALLS_AND_TEXTS,
    citation: 'N.Y. Gen. Bus. Law 399-z(5-a)',
    mark: 'P',
    note: 'The operator enters the periods of declared emergencies; a county counts as the whole state.',
  }),
  hours('OK', [from('08:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: '15 O.S. 775C.4',
    mark: 'S',
    effectiveFrom: '2022-11-01',
  }),
  hours('OK', [from('09:00', '21:00')], {
    what: 'automated-hours',
    channels: CALLS,
    technology: MACHINES,
    citation: '15 O.S. 755.1(C)(2)',
    mark: 'P',
  }),
  hours('OR', [from('08:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'HB 3865 (2025), ORS 646.563',
    mark: 'S',
    effectiveFrom: '2026-01-01',
  }),
  hours('PA', [from('08:00', '21:00')], {
    what: 'hours-before-act-47',
    channels: CALLS_AND_TEXTS,
    citation: '73 P.S. 2245(a)(1)',
    mark: 'S',
    effectiveTo: '2026-10-18',
  }),
  hours('PA', [from('09:00', '19:00')], PA_ACT_47),
  noSundays('PA', PA_ACT_47),
  noHolidays('PA', 'us-pa', {
    channels: CALLS_AND_TEXTS,
    citation: '73 P.S. 2245(a)(1), (10); 44 P.S. 11',
    mark: 'M',
    note: LIST_OF_DAYS,
  }),
  hours('RI', [from('09:00', '18:00', WEEKDAYS), from('10:00', '17:00', SATURDAY)], {
    channels: CALLS,
    citation: 'R.I. Gen. Laws 5-61-3.6(a)',
    mark: 'Sq',
  }),
  noHolidays('RI', 'us-ri', {
    channels: CALLS,
    citation: 'R.I. Gen. Laws 5-61-3.6(a), 25-1-1; 5 USC 6103',
    mark: 'M',
    note: LIST_OF_DAYS,
  }),
  hours('SC', [from('08:00', '21:00')], { channels: CALLS, citation: 'S.C. Code 37-21-30', mark: 'Sq' }),
  hours('SD', [from('09:00', '21:00', TO_SATURDAY)], {
    channels: CALLS,
    audience: 'CONSUMER',
    citation: 'SDCL 37-30A-3(2)',
    mark: 'S',
  }),
  hours('SD', [from('09:00', '21:00', WEEKDAYS)], {
    what: 'automated-hours',
    channels: CALLS,
    technology: MACHINES,
    citation: 'SDCL 37-30-28',
    mark: 'P',
  }),
  hours('TX', TEXAS, { ...TX, channels: CALLS, note: TX_ZONES }),
  hours('TX', TEXAS, {
    ...TX,
    what: 'text-hours',
    channels: TEXTS,
    citation: `${TX.citation}; SB 140 (2025)`,
    effectiveFrom: '2025-09-01',
    note: `${TEXTS_CONTESTED} ${TX_ZONES}`,
  }),
  hours('UT', [from('08:00', '21:00')], UT),
  noSundays('UT', UT),
  noHolidays('UT', 'us-ut', {
    ...UT,
    citation: `${UT.citation}; 63G-1-301`,
    mark: 'M',
    note: `${UT.note} ${LIST_OF_DAYS}`,
  }),
  hours('VA', [from('08:00', '21:00')], {
    channels: CALLS,
    citation: 'Va. Code 59.1-510, 59.1-511',
    mark: 'Sq',
  }),
  hours('VA', [from('08:00', '21:00')], {
    what: 'text-hours',
    channels: TEXTS,
    citation: 'Va. Code 59.1-510, 59.1-511; SB 1339 (2025)',
    mark: 'S',
    effectiveFrom: '2026-01-01',
    note: 'A request made by text is to be honoured for ten years; here it is without end.',
  }),
  hours('WA', [from('08:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'RCW 80.36.390(7), 19.158.040(2)',
    mark: 'P',
    contested: true,
    note: TEXTS_UNREAD,
  }),
  hours('WY', [from('08:00', '20:00')], {
    channels: CALLS,
    audience: 'CONSUMER',
    citation: 'Wyo. Stat. 40-12-302(d)',
    mark: 'Sq',
  }),
];
