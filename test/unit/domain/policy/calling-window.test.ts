import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Weekday } from '../../../../lib/domain/policy/local-time.ts';
import type { RuleOf } from '../../../../lib/domain/policy/policy.ts';
import { evaluateCallingWindow } from '../../../../lib/domain/policy/rules/calling-window.ts';
import { contextOf } from '../../../support/contexts.ts';

const WINDOW: RuleOf<'callingWindow'> = {
  kind: 'callingWindow',
  id: 'hours',
  windows: [{ days: [...Weekday.options], from: '08:00', until: '21:00' }],
  jurisdiction: { except: [] },
  channels: ['VOICE'],
  purposes: ['MARKETING'],
  citation: '47 CFR 64.1200(c)(1)',
  mark: 'Sq',
  effectiveFrom: '1992-12-20',
  contested: false,
};

const daily = (from: string, until: string) => ({ windows: [{ days: [...Weekday.options], from, until }] });

const NEW_YORK = 'America/New_York';
const CHICAGO = 'America/Chicago';
const LOS_ANGELES = 'America/Los_Angeles';
const HONOLULU = 'Pacific/Honolulu';

function ask(timeZones: readonly string[], now: string, rule: Partial<typeof WINDOW> = {}) {
  const subject = { country: 'US', regions: [], timeZones };
  const [found] = evaluateCallingWindow({ ...WINDOW, ...rule }, contextOf({ subject, now: Date.parse(now) }));
  if (found === undefined) return 'OPEN';
  return found.opensAt === undefined ? found.reason.code : new Date(found.opensAt).toISOString();
}

describe('a calling window', () => {
  it.each([
    { at: '07:59:59.999', answer: '2026-11-20T13:00:00.000Z' },
    { at: '08:00:00.000', answer: 'OPEN' },
    { at: '20:59:59.999', answer: 'OPEN' },
    { at: '21:00:00.000', answer: '2026-11-21T13:00:00.000Z' },
    { at: '00:00:00.000', answer: '2026-11-20T13:00:00.000Z' },
    { at: '23:59:59.999', answer: '2026-11-21T13:00:00.000Z' },
  ])('at $at in New York: $answer', ({ at, answer }) => {
    expect(ask([NEW_YORK], `2026-11-20T${at}-05:00`)).toBe(answer);
  });

  it.each([
    { title: 'open in both', at: '2026-11-20T16:00Z', answer: 'OPEN' },
    { title: 'open in the east alone', at: '2026-11-20T15:59:59.999Z', answer: '2026-11-20T16:00:00.000Z' },
    { title: 'open in the west alone', at: '2026-11-21T02:00Z', answer: '2026-11-21T16:00:00.000Z' },
    { title: 'open in neither', at: '2026-11-21T06:00Z', answer: '2026-11-21T16:00:00.000Z' },
  ])('must be open in every zone: $title', ({ at, answer }) => {
    expect(ask([NEW_YORK, LOS_ANGELES], at)).toBe(answer);
  });

  it.each([
    {
      title: 'the day clocks go forward',
      at: '2026-03-08T03:00:00-04:00',
      answer: '2026-03-08T12:00:00.000Z',
    },
    { title: 'the evening before', at: '2026-03-07T21:00:00-05:00', answer: '2026-03-08T12:00:00.000Z' },
    { title: 'the day clocks go back', at: '2026-11-01T01:30:00-05:00', answer: '2026-11-01T13:00:00.000Z' },
    { title: 'the evening before that', at: '2026-10-31T21:00:00-04:00', answer: '2026-11-01T13:00:00.000Z' },
    { title: '08:00 on the day of change', at: '2026-03-08T08:00:00-04:00', answer: 'OPEN' },
    {
      title: '07:59 on the day of change',
      at: '2026-03-08T07:59:00-04:00',
      answer: '2026-03-08T12:00:00.000Z',
    },
  ])('follows daylight saving time: $title', ({ at, answer }) => {
    expect(ask([NEW_YORK], at)).toBe(answer);
  });

  it.each([
    { zone: 'Asia/Kolkata', at: '2026-11-20T02:29:59Z', answer: '2026-11-20T02:30:00.000Z' },
    { zone: 'Asia/Kathmandu', at: '2026-11-20T02:14:59Z', answer: '2026-11-20T02:15:00.000Z' },
    { zone: 'America/St_Johns', at: '2026-11-20T11:29:59Z', answer: '2026-11-20T11:30:00.000Z' },
    { zone: 'America/Phoenix', at: '2026-07-01T14:59:59Z', answer: '2026-07-01T15:00:00.000Z' },
    { zone: 'America/Denver', at: '2026-07-01T13:59:59Z', answer: '2026-07-01T14:00:00.000Z' },
    { zone: 'America/Phoenix', at: '2026-12-01T14:59:59Z', answer: '2026-12-01T15:00:00.000Z' },
    { zone: 'Pacific/Kiritimati', at: '2026-11-20T17:59:59Z', answer: '2026-11-20T18:00:00.000Z' },
    { zone: 'Australia/Lord_Howe', at: '2026-11-20T20:59:59Z', answer: '2026-11-20T21:00:00.000Z' },
  ])('opens to the second in $zone ($at)', ({ zone, at, answer }) => {
    expect(ask([zone], at)).toBe(answer);
    expect(ask([zone], answer)).toBe('OPEN');
  });

  it('gives no time where the zones are never open together', () => {
    expect(ask([HONOLULU, 'Asia/Kolkata'], '2026-11-20T20:00Z', daily('09:00', '17:00'))).toBe(
      'OUTSIDE_CALLING_HOURS',
    );
  });

  it('finds the hour that the ends of the United States share', () => {
    const zones = ['America/Puerto_Rico', NEW_YORK, CHICAGO, HONOLULU, 'Pacific/Pago_Pago', 'Pacific/Guam'];
    expect(ask(zones, '2026-11-20T15:00Z')).toBe('2026-11-20T22:00:00.000Z');
    expect(ask(zones, '2026-11-21T00:59:59Z')).toBe('OPEN');
  });

  it('does not guess where nobody knows the local time', () => {
    expect(ask([], '2026-11-20T15:00Z')).toBe('LOCATION_UNKNOWN');
  });

  it.each([
    // 02:00 becomes 03:00 at 07:00 UTC.
    {
      title: 'begins in the hour that the clock skips',
      from: '02:30',
      at: '2026-03-08T06:00Z',
      answer: '2026-03-08T07:00:00.000Z',
    },
    // 02:00 becomes 01:00 at 06:00 UTC.
    {
      title: 'begins in the hour that the clock strikes twice',
      from: '01:30',
      at: '2026-11-01T04:00Z',
      answer: '2026-11-01T05:30:00.000Z',
    },
    {
      title: 'closes again when the clock goes back',
      from: '01:30',
      at: '2026-11-01T06:00Z',
      answer: '2026-11-01T06:30:00.000Z',
    },
  ])('$title', ({ from, at, answer }) => {
    expect(ask([NEW_YORK], at, daily(from, '21:00'))).toBe(answer);
  });

  it('ends at midnight where it says 24:00', () => {
    expect(ask([NEW_YORK], '2026-11-20T23:59:59.999-05:00', daily('08:00', '24:00'))).toBe('OPEN');
  });

  it('opens at the first permitted moment: one millisecond before it is shut, at it open', () => {
    const zones = fc.subarray(
      [NEW_YORK, CHICAGO, LOS_ANGELES, HONOLULU, 'America/St_Johns', 'America/Phoenix', 'Europe/London'],
      { minLength: 1 },
    );
    const moments = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) });
    fc.assert(
      fc.property(zones, moments, (timeZones, now) => {
        const subject = { country: 'US', regions: [], timeZones };
        const [found] = evaluateCallingWindow(WINDOW, contextOf({ subject, now }));
        fc.pre(found?.opensAt !== undefined);
        const opensAt = found?.opensAt ?? 0;
        expect(evaluateCallingWindow(WINDOW, contextOf({ subject, now: opensAt }))).toEqual([]);
        expect(evaluateCallingWindow(WINDOW, contextOf({ subject, now: opensAt - 1 }))).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });
});
