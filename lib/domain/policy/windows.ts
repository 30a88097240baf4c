import type { PolicyDocument, RuleOf } from './policy.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The length of a rolling window in milliseconds; a day has 24 hours. */
export function windowMs(window: RuleOf<'frequencyCap'>['window']): number {
  return 'hours' in window ? window.hours * HOUR_MS : window.days * DAY_MS;
}

/** For how long an attempt can bear on a decision under a policy, milliseconds; 0 where nothing counts attempts. */
export function attemptsCountForMs({ rules }: Pick<PolicyDocument, 'rules'>): number {
  return Math.max(
    0,
    ...rules.map((rule) => {
      if (rule.kind === 'frequencyCap') return windowMs(rule.window);
      // Days of the calendar, of which one can have 25 hours.
      return rule.kind === 'contactCap' ? (rule.days + 1) * DAY_MS : 0;
    }),
  );
}
