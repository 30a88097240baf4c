import { lastEventAt } from '../../state/position.ts';
import { localDayStart } from '../local-time.ts';
import type { RuleOf } from '../policy.ts';
import { cappedUntil, countedAttempts } from './attempts-counted.ts';
import { type Finding, finding, type RuleContext } from './context.ts';

/**
 * Attempts in consecutive days, and none for some days after a conversation. Days are those of the called party's
 * calendar, wherever the party can be, and the day of the event is the first: seven days from a Monday end on Sunday.
 */
export function evaluateContactCap(rule: RuleOf<'contactCap'>, context: RuleContext): readonly Finding[] {
  const { subject, state, scope, now } = context;
  const { timeZones } = subject;
  if (timeZones.length === 0) return [finding(rule, 'LOCATION_UNKNOWN')];
  const endOf = (at: number, days: number) =>
    Math.max(...timeZones.map((zone) => localDayStart(zone, at, days)));
  const attemptEnds = countedAttempts(rule, context).map(({ at }) => endOf(at, rule.days));
  const cappedTo = cappedUntil(attemptEnds, rule.limit, now);
  const spokeAt = lastEventAt(state, 'CONVERSATION', {
    seller: rule.per === 'SELLER' ? scope.seller : undefined,
    binding: true,
  });
  const restsTo = spokeAt === undefined ? now : endOf(spokeAt, rule.daysAfterConversation);
  return [
    ...(cappedTo === undefined ? [] : [finding(rule, 'FREQUENCY_CAP', cappedTo)]),
    ...(now < restsTo ? [finding(rule, 'RECENT_CONVERSATION', restsTo)] : []),
  ];
}
