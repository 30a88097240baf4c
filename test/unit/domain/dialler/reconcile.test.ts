import { describe, expect, it } from 'vitest';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { DiallerList } from '../../../../lib/domain/dialler/dialler.ts';
import type { ClearContactPoint } from '../../../../lib/domain/dialler/ports.ts';
import { compareList } from '../../../../lib/domain/dialler/reconcile.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { consent, hold, NOON, stateOf, suppression } from '../../../support/facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const LIST = DiallerList.parse({ channels: ['VOICE'], seller: 'acme' });

function known(e164: string, ...facts: readonly Fact[]): ClearContactPoint {
  const contactPoint = parsePhoneNumber(e164);
  if (contactPoint.kind === 'unreadable') throw new Error('fixture is unreadable');
  return { token: tokenOfNumber(e164, PEPPER), state: stateOf(...facts), contactPoint };
}

async function compare(entries: readonly string[], ...people: readonly ClearContactPoint[]) {
  async function* listed() {
    yield* entries;
  }
  async function* everyone() {
    for (const one of people) yield [one];
  }
  const difference = await compareList(LIST, listed(), {
    contactPoints: { everyone },
    pepper: PEPPER,
    policy: DEFAULT_POLICY,
    defaultRegion: 'US',
    now: () => NOON,
  });
  return { ...difference, theirs: difference.theirs.map(({ canonical }) => canonical) };
}

const { newYork, chicago } = NUMBERS;
const NOTHING = { agreed: 0, missing: [], stale: [], theirs: [], unreadable: 0 };
const TOKEN = tokenOfNumber(newYork, PEPPER);
const LIFTED = [suppression({ effectiveAt: NOON - 9 }), consent({ effectiveAt: NOON - 5 })];

describe('a list against what it should say', () => {
  it.each([
    { name: 'both know', entries: [newYork], facts: [suppression()], differs: { agreed: 1 } },
    { name: 'in national form', entries: ['(212) 555-0100'], facts: [hold()], differs: { agreed: 1 } },
    { name: 'the dialler missed it', entries: [], facts: [suppression()], differs: { missing: [TOKEN] } },
    { name: 'nobody has anything against it', entries: [], facts: [consent()], differs: {} },
    { name: 'lifted by newer consent', entries: [newYork], facts: LIFTED, differs: { stale: [TOKEN] } },
    {
      name: 'expired',
      entries: [newYork],
      facts: [suppression({ effectiveAt: 1, expiresAt: NOON })],
      differs: { stale: [TOKEN] },
    },
    {
      name: 'consent here, refused there',
      entries: [newYork],
      facts: [consent()],
      differs: { theirs: [`tel:${newYork}`] },
    },
    {
      name: 'another seller refused here, this one there',
      entries: [newYork],
      facts: [suppression({ seller: 'bravo' })],
      differs: { theirs: [`tel:${newYork}`] },
    },
    { name: 'unknown here', entries: [newYork], facts: undefined, differs: { theirs: [`tel:${newYork}`] } },
    { name: 'no number', entries: ['n/a', ''], facts: undefined, differs: { unreadable: 2 } },
  ])('$name: $differs', async ({ entries, facts, differs }) => {
    const people = facts === undefined ? [] : [known(newYork, ...facts)];
    expect(await compare(entries, ...people, known(chicago))).toEqual({ ...NOTHING, ...differs });
  });

  it('knows by the list alone whom an erased contact point was', async () => {
    const erased = { ...known(newYork, suppression({ channel: 'ALL' })), contactPoint: 'ABSENT' as const };
    expect(await compare([newYork], erased)).toEqual({ ...NOTHING, agreed: 1 });
    // Without the number nobody can be told of it.
    expect(await compare([], erased)).toEqual(NOTHING);
  });

  it('is not compared unless all of it came', async () => {
    async function* broken() {
      yield newYork;
      throw new Error('cut off');
    }
    const deps = {
      contactPoints: { everyone: async function* () {} },
      pepper: PEPPER,
      policy: DEFAULT_POLICY,
      now: () => NOON,
    };
    await expect(compareList(LIST, broken(), deps)).rejects.toThrow('cut off');
  });
});
