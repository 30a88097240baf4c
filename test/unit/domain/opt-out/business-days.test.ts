import { describe, expect, it } from 'vitest';
import { businessDaysAfter } from '../../../../lib/domain/opt-out/business-days.ts';

const businessDay = (from: string, days: number) =>
  new Date(businessDaysAfter(Date.parse(from), days)).toISOString();

describe('R6: at most ten business days', () => {
  it.each([
    ['a Monday without holidays', '2026-08-03T14:00:00.000Z', '2026-08-17T14:00:00.000Z'],
    ['a Friday', '2026-08-07T23:59:59.999Z', '2026-08-21T23:59:59.999Z'],
    ['a Saturday', '2026-08-08T00:00:00.000Z', '2026-08-21T00:00:00.000Z'],
    ['a Sunday', '2026-08-09T12:00:00.000Z', '2026-08-21T12:00:00.000Z'],
    ['over Thanksgiving', '2026-11-20T15:00:00.000Z', '2026-12-07T15:00:00.000Z'],
    ['over Christmas and New Year', '2026-12-18T15:00:00.000Z', '2027-01-05T15:00:00.000Z'],
    ['on a holiday', '2026-07-03T15:00:00.000Z', '2026-07-17T15:00:00.000Z'],
  ])('%s: from %s to %s', (_case, from, to) => {
    expect(businessDay(from, 10)).toBe(to);
  });

  it.each([
    // The days that the Office of Personnel Management lists for 2026 and 2027.
    ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-03', '2026-09-07'],
    ...['2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25', '2027-01-01', '2027-01-18', '2027-02-15'],
    ...['2027-05-31', '2027-06-18', '2027-07-05', '2027-09-06', '2027-10-11', '2027-11-11', '2027-11-25'],
    // 2027's Christmas is a Saturday, and 2028's New Year's Day as well.
    ...['2027-12-24', '2027-12-31'],
  ])('%s is a holiday', (holiday) => {
    const dayBefore = new Date(Date.parse(holiday) - 86_400_000).toISOString();
    expect(businessDay(dayBefore, 1).slice(0, 10) > holiday).toBe(true);
  });

  it('has eleven holidays on working days in a year', () => {
    const working: string[] = [];
    let day = businessDay('2025-12-31T00:00:00.000Z', 1);
    while (day < '2027') {
      working.push(day);
      day = businessDay(day, 1);
    }
    // 261 weekdays in 2026.
    expect(working).toHaveLength(261 - 11);
  });

  it('none are none', () => {
    expect(businessDay('2026-08-03T14:00:00.000Z', 0)).toBe('2026-08-03T14:00:00.000Z');
  });
});
