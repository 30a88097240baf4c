import { describe, expect, it } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { policyOf, type RuleOf } from '../../../../lib/domain/policy/policy.ts';
import { evaluate } from '../../../../lib/domain/policy/rules/evaluate.ts';
import { attemptsCountForMs } from '../../../../lib/domain/policy/windows.ts';
import { contextOf, NEW_YORK } from '../../../support/contexts.ts';
import { conversation, DAY_MS, stateOf as joined, NOON } from '../../../support/facts.ts';

const RULE: RuleOf<'contactCap'> = {
  id: 'reg-f',
  kind: 'contactCap',
  limit: 7,
  days: 7,
  daysAfterConversation: 7,
  per: 'SELLER',
  jurisdiction: { except: [] },
  channels: ['VOICE'],
  purposes: ['COLLECTION'],
  citation: '12 CFR 1006.14(b)(2)',
  mark: 'Sq',
  effectiveFrom: '2021-11-30',
  contested: false,
};

const attempt = (at: number) =>
  ({ at, decisionId: `d-${at}`, channel: 'VOICE', purpose: 'COLLECTION', seller: 'acme' }) as const;
const state = (attempts: readonly number[], spokeAt?: number, seller = 'acme') => ({
  ...joined(...(spokeAt === undefined ? [] : [conversation({ effectiveAt: spokeAt, seller })])),
  attempts: attempts.map(attempt),
});
const at = (time: string) => Date.parse(time);

type Given = Parameters<typeof contextOf>[0];
function ask(given: Given, rule: Partial<typeof RULE> = {}) {
  const scope = { purpose: 'COLLECTION' as const, ...given?.scope };
  return evaluate({ ...RULE, ...rule }, contextOf({ ...given, scope })).map(({ reason, opensAt }) => [
    reason.code,
    opensAt === undefined ? undefined : new Date(opensAt).toISOString(),
  ]);
}

// Monday 2026-11-16 to Sunday 2026-11-22; New York is five hours behind UTC.
const SIX_FROM_MONDAY = ['16T14', '17T14', '18T14', '19T14', '20T14', '21T14'].map((hour) =>
  at(`2026-11-${hour}:00:00Z`),
);
const LAST_MOMENT_OF_SUNDAY = at('2026-11-23T04:59:59.999Z');
const MONDAY = '2026-11-23T05:00:00.000Z';

describe('attempts in consecutive days', () => {
  it.each([
    { title: 'the seventh', before: SIX_FROM_MONDAY, now: LAST_MOMENT_OF_SUNDAY, found: [] },
    {
      title: 'the eighth, in the last moment of the seventh day',
      before: [...SIX_FROM_MONDAY, at('2026-11-21T15:00:00Z')],
      now: LAST_MOMENT_OF_SUNDAY,
      found: [['FREQUENCY_CAP', MONDAY]],
    },
    {
      title: 'the eighth, as the eighth day begins',
      before: [...SIX_FROM_MONDAY, at('2026-11-21T15:00:00Z')],
      now: at(MONDAY),
      found: [],
    },
  ])('$title: $found', ({ before, now, found }) => {
    expect(ask({ state: state(before), now })).toEqual(found);
  });

  it('are kept for as long as they can count', () => {
    expect(attemptsCountForMs({ rules: [RULE] })).toBeGreaterThanOrEqual(7 * DAY_MS + 3_600_000);
  });
});

describe('after a conversation on a Monday', () => {
  const spoke = at('2026-11-16T20:00:00Z');

  it.each([
    { title: 'the next minute', now: spoke + 60_000, blocked: true },
    { title: 'the last moment of Sunday', now: LAST_MOMENT_OF_SUNDAY, blocked: true },
    { title: 'the first moment of the next Monday', now: at(MONDAY), blocked: false },
  ])('$title: $blocked', ({ now, blocked }) => {
    expect(ask({ state: state([], spoke), now })).toEqual(blocked ? [['RECENT_CONVERSATION', MONDAY]] : []);
  });

  it('counts the day where the person is, and the latest where that is not certain', () => {
    // Half past eleven on Monday evening in Los Angeles is Tuesday in New York.
    const late = at('2026-11-17T07:30:00Z');
    const both = { ...NEW_YORK, timeZones: ['America/New_York', 'America/Los_Angeles'] };
    const west = { ...NEW_YORK, timeZones: ['America/Los_Angeles'] };
    const now = late + 1;
    expect(ask({ state: state([], late), now, subject: west })).toEqual([
      ['RECENT_CONVERSATION', '2026-11-23T08:00:00.000Z'],
    ]);
    expect(ask({ state: state([], late), now, subject: both })).toEqual([
      ['RECENT_CONVERSATION', '2026-11-24T05:00:00.000Z'],
    ]);
  });

  it('counts days and not hours when the clocks change', () => {
    // Summer time ends on Sunday 1 November 2026: that week has 169 hours.
    const now = at('2026-10-26T20:00:00Z');
    expect(ask({ state: state([], now), now })).toEqual([
      ['RECENT_CONVERSATION', '2026-11-02T05:00:00.000Z'],
    ]);
  });

  it.each([
    { title: 'another seller', by: 'bravo', scope: { seller: 'acme' }, blocked: false },
    { title: 'every seller', by: '*', scope: { seller: 'acme' }, blocked: true },
    {
      title: 'a seller, and none is named in the request',
      by: 'bravo',
      scope: { seller: undefined },
      blocked: true,
    },
  ])('of $title: $blocked', ({ by, scope, blocked }) => {
    expect(ask({ state: state([], spoke, by), now: spoke, scope })).toHaveLength(blocked ? 1 : 0);
  });

  it("of another seller counts where everybody's do", () => {
    expect(ask({ state: state([], spoke, 'bravo'), now: spoke }, { per: 'ANY_SELLER' })).toHaveLength(1);
  });
});

describe('the cap in a decision', () => {
  const policy = policyOf({ version: '1', rules: [RULE] });
  const spoken = contextOf({ state: state([], NOON), scope: { purpose: 'COLLECTION' } });

  it('tells when it ends, and keeps nobody out of a list that is dialled later', () => {
    expect(decide(spoken, policy, 'DIAL')).toMatchObject({
      reasons: [{ code: 'RECENT_CONVERSATION', ruleId: 'reg-f' }],
      nextAllowedAt: at('2026-11-27T05:00:00Z'),
    });
    expect(decide(spoken, policy, 'SCRUB').effect).toBe('ALLOW');
  });

  it('cannot be kept where the day of the called party cannot be told', () => {
    expect(ask({ subject: { ...NEW_YORK, timeZones: [] } })).toEqual([['LOCATION_UNKNOWN', undefined]]);
  });
});
