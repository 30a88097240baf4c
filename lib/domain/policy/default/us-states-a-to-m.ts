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
  type StateRow,
  TEXTS_CONTESTED,
  TEXTS_UNREAD,
  WEEKDAYS,
} from './us-state-rule.ts';

const AL: StateRow = {
  channels: CALLS,
  citation: 'Ala. Admin. Code 770-X-5-.17(2)',
  mark: 'Sq',
  note: 'Written for live calls; kept for every call.',
};

const LA: StateRow = {
  channels: CALLS_AND_TEXTS,
  citation: 'LPSC General Order R-29617 V(A)(2)',
  mark: 'S',
  contested: true,
  note: TEXTS_UNREAD,
};

const MS: StateRow = { channels: CALLS_AND_TEXTS, citation: 'Miss. Code 77-3-723(1)', mark: 'Sq' };

/** Hours and days on which the law of a state, Alabama to Mississippi, bars a call or a text. Frequency caps are rules of their own. */
export const US_STATES_A_TO_M: readonly Rule[] = [
  hours('AL', [from('08:00', '20:00')], AL),
  noSundays('AL', AL),
  noHolidays('AL', 'us-al', {
    ...AL,
    citation: `${AL.citation}; Ala. Code 1-3-8`,
    mark: 'M',
    note: `${AL.note} ${LIST_OF_DAYS}`,
  }),
  hours('CA', [from('09:00', '21:00')], {
    what: 'automated-hours',
    channels: CALLS,
    technology: MACHINES,
    citation: 'Cal. Pub. Util. Code 2872',
    mark: 'Sq',
  }),
  hours('CT', [from('09:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'Conn. Gen. Stat. 42-288a(c)',
    mark: 'Sq',
  }),
  hours('FL', [from('08:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'Fla. Stat. 501.616(6)(a)',
    mark: 'P',
    effectiveFrom: '2021-07-01',
    contested: true,
    note: TEXTS_CONTESTED,
  }),
  hours('IL', [from('08:00', '21:00')], { channels: CALLS, citation: '815 ILCS 413/15(a)', mark: 'Sq' }),
  hours('IN', [from('09:00', '20:00')], {
    what: 'automated-hours',
    channels: CALLS,
    technology: MACHINES,
    citation: 'Ind. Code 24-5-14-8',
    mark: 'S',
  }),
  hours('KY', [from('10:00', '21:00')], {
    channels: CALLS,
    audience: 'CONSUMER',
    citation: 'KRS 367.46955(16)',
    mark: 'Sq',
  }),
  hours('LA', [from('08:00', '20:00')], LA),
  noSundays('LA', LA),
  noHolidays('LA', 'us-la', {
    ...LA,
    citation: `${LA.citation}; La. R.S. 1:55`,
    mark: 'M',
    note: `${TEXTS_UNREAD} ${LIST_OF_DAYS}`,
  }),
  emergencies('LA', {
    channels: CALLS_AND_TEXTS,
    citation: 'La. R.S. 45:844.31',
    mark: 'P',
    contested: true,
    note: `${TEXTS_UNREAD} The operator enters the periods of declared emergencies.`,
  }),
  hours('MA', [from('08:00', '20:00')], {
    channels: CALLS,
    audience: 'CONSUMER',
    citation: 'M.G.L. c. 159C s. 3; 201 CMR 12.02(2)',
    mark: 'Sq',
  }),
  hours('MD', [from('08:00', '20:00')], {
    channels: CALLS_AND_TEXTS,
    citation: 'Md. Code, Com. Law 14-4502(c)(1)',
    mark: 'Sq',
    effectiveFrom: '2024-01-01',
  }),
  hours('ME', [from('09:00', '17:00', WEEKDAYS)], {
    what: 'automated-hours',
    channels: CALLS,
    technology: MACHINES,
    citation: '10 M.R.S. 1498(3)',
    mark: 'Sq',
  }),
  hours('MI', [from('09:00', '21:00')], {
    channels: CALLS,
    citation: 'MCL 750.540e(1)(f)',
    mark: 'Sq',
    contested: true,
    note: 'A criminal statute that asks for intent; whether it sets hours for sellers is contested.',
  }),
  hours('MN', [from('09:00', '21:00')], {
    channels: CALLS,
    audience: 'CONSUMER',
    citation: 'Minn. Stat. 325E.30',
    mark: 'Sq',
  }),
  hours('MS', [from('08:00', '20:00')], {
    ...MS,
    zone: CENTRAL,
    note: 'The statute says Central Standard Time: the time kept in the state is meant.',
  }),
  noSundays('MS', MS),
];
