import { describe, expect, it } from 'vitest';
import type { CoverageOutcome, OutboundContact } from '../../../../lib/domain/coverage/contact.ts';
import { CoverageMatcher } from '../../../../lib/domain/coverage/match.ts';
import type { DecisionEntry } from '../../../../lib/domain/log/entry.ts';
import { contact, decided } from '../../../support/coverage.ts';
import { token } from '../../../support/entries.ts';
import { NOON } from '../../../support/facts.ts';
import { Random } from '../../../support/random.ts';

const SECOND = 1000;
const WINDOW = { beforeMs: 300 * SECOND, skewMs: 60 * SECOND };

function match(
  contacts: readonly OutboundContact[],
  decisions: readonly DecisionEntry[],
  used: ReadonlySet<string> = new Set(),
) {
  const matcher = new CoverageMatcher({ contacts, window: WINDOW, used });
  for (const decision of decisions) matcher.add(decision);
  return matcher.outcomes();
}

const one = contact({ id: 'c1' });
const ago = (seconds: number) => NOON - seconds * SECOND;
const blocked = { effect: 'BLOCK' as const };
const TWICE = [one, contact({ id: 'c2', at: NOON + 20 * SECOND })];

describe('what became of a contact', () => {
  it.each<[string, readonly OutboundContact[], readonly DecisionEntry[], readonly CoverageOutcome[]]>([
    ['a decision just before it', [one], [decided(1, ago(2))], ['COVERED']],
    ['a decision at the edge of the window', [one], [decided(1, ago(300))], ['COVERED']],
    ['a decision before the window', [one], [decided(1, ago(301))], ['NO_DECISION']],
    ['a decision of a clock that is ahead', [one], [decided(1, ago(-60))], ['COVERED']],
    ['a decision after it', [one], [decided(1, ago(-61))], ['NO_DECISION']],
    ['no decision', [one], [], ['NO_DECISION']],
    [
      'a decision about somebody else',
      [one],
      [decided(1, ago(2), { subjects: [token(2)] })],
      ['NO_DECISION'],
    ],
    [
      'a decision about another channel',
      [one],
      [decided(1, ago(2), { contact: { channel: 'SMS' } })],
      ['NO_DECISION'],
    ],
    ['a decision to block', [one], [decided(1, ago(2), blocked)], ['BLOCKED']],
    [
      'a decision about several numbers of one contact',
      [one],
      [decided(1, ago(2), { subjects: [token(7), token(1)] })],
      ['COVERED'],
    ],
    ['two contacts and one decision', TWICE, [decided(1, ago(2))], ['COVERED', 'NO_DECISION']],
    [
      'two contacts and two decisions',
      TWICE,
      [decided(1, ago(2)), decided(2, NOON + SECOND)],
      ['COVERED', 'COVERED'],
    ],
    [
      'the second of two contacts was blocked',
      TWICE,
      [decided(1, ago(2)), decided(2, NOON + 10 * SECOND, blocked)],
      ['COVERED', 'BLOCKED'],
    ],
    [
      'EB7 an opt-out between the first answer and the dial',
      [one],
      [decided(1, ago(60)), decided(2, ago(1), blocked)],
      ['BLOCKED'],
    ],
    [
      'another question that was answered BLOCK meanwhile',
      [one],
      [decided(1, ago(60)), decided(2, ago(1), { ...blocked, contact: { purpose: 'SERVICE' } })],
      ['COVERED'],
    ],
    ['an address that could not be read', [contact({ id: 'c1', reached: 'UNREADABLE' })], [], ['UNREADABLE']],
    ['somebody of another region', [contact({ id: 'c1', reached: 'WRONG_REGION' })], [], ['WRONG_REGION']],
  ])('%s', (_what, contacts, decisions, outcomes) => {
    expect(match(contacts, decisions).outcomes).toEqual(outcomes);
    expect(match(contacts, decisions.toReversed()).outcomes).toEqual(outcomes);
  });

  it.each([
    ['conversationId', { conversationId: 'talk-2' }],
    ['contactId', { contactId: 'lead-2' }],
    ['campaignId', { campaignId: 'autumn' }],
  ])('is told by the %s where a decision names one', (name, ids) => {
    const other = contact({ id: 'c2', at: NOON + SECOND, ...ids });
    const named = decided(1, ago(2), { contact: ids });
    expect(match([one, other], [named]).outcomes, name).toEqual(['NO_DECISION', 'COVERED']);
    expect(match([one, other], [decided(1, ago(2))]).outcomes).toEqual(['COVERED', 'NO_DECISION']);
  });

  it('is not covered by a decision that covers a contact of the hour before', () => {
    const decision = decided(1, ago(2));
    expect(match([one], [decision], new Set([decision.id])).outcomes).toEqual(['NO_DECISION']);
    expect(match([one], [decision]).used).toEqual([{ id: decision.id, at: ago(2) }]);
  });
});

/** Contacts and decisions close together, so that they get into each other's way. */
function scenario(random: Random) {
  const at = () => NOON + random.below(900) * SECOND;
  const people = random.below(4) + 1;
  const maybe = (name: string, values: number) =>
    random.chance(0.3) ? { [name]: `${name}-${random.below(values)}` } : {};
  const ids = () => ({ ...maybe('campaignId', 2), ...maybe('contactId', 3) });
  const one = () => token(random.below(people));
  const some = () => [...new Set([one(), ...random.some(1, one)])];
  const contacts = Array.from({ length: random.below(9) + 1 }, (_, n) =>
    contact({ id: `c${n}`, at: at(), reached: random.chance(0.05) ? 'UNREADABLE' : some(), ...ids() }),
  );
  const decisions = Array.from({ length: random.below(11) }, (_, n) => {
    const effect = random.chance(0.2) ? ('BLOCK' as const) : ('ALLOW' as const);
    return decided(n, at(), { effect, subjects: some(), contact: ids() });
  });
  return { contacts, decisions };
}

const isGap = (outcome: CoverageOutcome | undefined) => outcome !== 'COVERED';

describe('for any contacts and decisions', () => {
  const random = new Random(20_261_122);
  const scenarios = Array.from({ length: 1500 }, () => scenario(random));

  it('each contact has one outcome, and no decision covers two', () => {
    let covered = 0;
    for (const { contacts, decisions } of scenarios) {
      const { outcomes, used } = match(contacts, decisions);
      const count = outcomes.filter((outcome) => outcome === 'COVERED').length;
      expect(outcomes).toHaveLength(contacts.length);
      expect(used).toHaveLength(count);
      expect(new Set(used.map(({ id }) => id)).size).toBe(count);
      covered += count;
    }
    expect(covered).toBeGreaterThan(1000);
  });

  it('whatever covers a contact allows it: its person, its channel, its time', () => {
    for (const { contacts, decisions } of scenarios) {
      const { outcomes, used } = match(contacts, decisions);
      const allowed = decisions.filter(({ effect }) => effect === 'ALLOW');
      expect(used.every(({ id }) => allowed.some((decision) => decision.id === id))).toBe(true);
      for (const [place, { at, reached }] of contacts.entries()) {
        if (outcomes[place] !== 'COVERED') continue;
        const near = allowed.filter((decision) => {
          const decidedAt = Date.parse(decision.at);
          return decidedAt >= at - WINDOW.beforeMs && decidedAt <= at + WINDOW.skewMs;
        });
        expect(near.some(({ subjects }) => subjects.some((subject) => reached.includes(subject)))).toBe(true);
      }
    }
  });

  it('comes out the same in whatever order decisions come', () => {
    for (const { contacts, decisions } of scenarios) {
      const turned = decisions.toSorted(() => random.next() - 0.5);
      expect(match(contacts, turned)).toEqual(match(contacts, decisions));
    }
  });

  it('a decision to allow less never closes a gap', () => {
    let lost = 0;
    for (const { contacts, decisions } of scenarios) {
      const { outcomes } = match(contacts, decisions);
      for (const gone of decisions.filter(({ effect }) => effect === 'ALLOW')) {
        const left = decisions.filter((decision) => decision !== gone);
        const fewer = match(contacts, left).outcomes;
        expect(outcomes.filter((outcome, place) => isGap(outcome) && !isGap(fewer[place]))).toEqual([]);
        lost += fewer.filter(isGap).length - outcomes.filter(isGap).length;
      }
    }
    expect(lost).toBeGreaterThan(500);
  });

  it('as many contacts are covered as can be, by trying every way', () => {
    for (const { contacts, decisions } of scenarios.slice(0, 400)) {
      const alone = contacts.map((_, place) =>
        decisions.filter(
          (decision) => decision.effect === 'ALLOW' && canCover(contacts, decisions, decision, place),
        ),
      );
      const most = (place: number, taken: ReadonlySet<DecisionEntry>): number =>
        place === contacts.length
          ? 0
          : Math.max(
              most(place + 1, taken),
              ...(alone[place] ?? [])
                .filter((decision) => !taken.has(decision))
                .map((decision) => 1 + most(place + 1, new Set([...taken, decision]))),
            );
      expect(match(contacts, decisions).used).toHaveLength(most(0, new Set()));
    }
  });
});

/** Whether one decision to allow covers one contact, with the blocks and the other contacts as they are. */
function canCover(
  contacts: readonly OutboundContact[],
  decisions: readonly DecisionEntry[],
  decision: DecisionEntry,
  place: number,
): boolean {
  const blocks = decisions.filter(({ effect }) => effect === 'BLOCK');
  const earlier = contacts.map((each, other) => (other === place ? { ...each, id: '0' } : each));
  const copies = contacts.map((_, n) => ({ ...decision, id: `${decision.id.slice(0, -2)}f${n}` }));
  return match(earlier, [...copies, ...blocks]).outcomes[place] === 'COVERED';
}
