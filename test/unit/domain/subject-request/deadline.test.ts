import { describe, expect, it } from 'vitest';
import { deadlineOf } from '../../../../lib/domain/subject-request/deadline.ts';

const NEVER = () => false;

describe('when a request must be answered', () => {
  it.each([
    // 28 February 2026 is a Saturday.
    ['2026-01-31', false, '2026-02-28', '2026-03-02'],
    ['2024-01-31', false, '2024-02-29', '2024-02-29'],
    ['2026-11-22', false, '2026-12-22', '2026-12-22'],
    ['2026-10-31', false, '2026-11-30', '2026-11-30'],
    ['2026-12-31', false, '2027-01-31', '2027-02-01'],
    ['2026-11-22', true, '2027-02-22', '2027-02-22'],
    ['2026-11-30', true, '2027-02-28', '2027-03-01'],
  ])('received on %s, extended %s: alarms by %s, due on %s', (receivedOn, extended, nominalOn, dueOn) => {
    expect(deadlineOf({ receivedOn, extended }, NEVER)).toEqual({ nominalOn, dueOn });
  });

  it('moves past holidays and the weekend behind them', () => {
    const holidays = new Set(['2026-12-25', '2026-12-28']);
    const due = deadlineOf({ receivedOn: '2026-11-25', extended: false }, (date) => holidays.has(date));
    expect(due).toEqual({ nominalOn: '2026-12-25', dueOn: '2026-12-29' });
  });
});
