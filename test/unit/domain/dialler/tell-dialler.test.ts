import { describe, expect, it } from 'vitest';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { DiallerList, type Listing } from '../../../../lib/domain/dialler/dialler.ts';
import type { ClearContactPoint } from '../../../../lib/domain/dialler/ports.ts';
import { createTellDialler } from '../../../../lib/domain/dialler/tell-dialler.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import type { Fact } from '../../../../lib/domain/state/facts.ts';
import { consent, NOON, stateOf, suppression } from '../../../support/facts.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const VOICE = DiallerList.parse({ channels: ['VOICE'], ids: ['voice'] });
const EMAIL = DiallerList.parse({ channels: ['EMAIL'], ids: ['email'] });
const { newYork, chicago, phoenix, honolulu } = NUMBERS;

function known(e164: string, facts: readonly Fact[], as?: 'ABSENT' | 'UNREADABLE'): ClearContactPoint {
  const contactPoint = parsePhoneNumber(e164);
  if (contactPoint.kind === 'unreadable') throw new Error('fixture is unreadable');
  return { token: tokenOfNumber(e164, PEPPER), state: stateOf(...facts), contactPoint: as ?? contactPoint };
}

/** Tells of these people; what each list was told, by token, and in how many reads. */
async function tell(people: readonly ClearContactPoint[]) {
  const told: Record<string, [string, boolean][]> = {};
  const reads: number[] = [];
  const tellDialler = createTellDialler({
    contactPoints: {
      async readClear(tokens) {
        reads.push(tokens.length);
        return tokens.flatMap((token) => people.filter((one) => one.token === token));
      },
    },
    dialler: {
      async apply(list: DiallerList, listings: readonly Listing[]) {
        told[list.ids.join()] = listings.map(({ token, listed }) => [token, listed]);
        return listings.flatMap(({ token }) =>
          token === people[0]?.token ? [{ token, cause: 'FULL' }] : [],
        );
      },
    },
    lists: [VOICE, EMAIL],
    policy: DEFAULT_POLICY,
    now: () => NOON,
  });
  const refused = await tellDialler(people.map(({ token }) => token));
  return { told, refused, reads };
}

describe('what a dialler is told', () => {
  it('is how each contact point stands, and nothing of those who never refused', async () => {
    const optedOut = known(newYork, [suppression()]);
    const lifted = known(chicago, [suppression({ effectiveAt: NOON - 9 }), consent()]);
    const { told, refused } = await tell([optedOut, lifted, known(phoenix, [consent()])]);
    expect(told).toEqual({
      voice: [
        [optedOut.token, true],
        [lifted.token, false],
      ],
    });
    expect(refused).toEqual([{ token: optedOut.token, cause: 'FULL' }]);
  });

  it('leaves out whom nobody can name, and reports who does not open', async () => {
    const broken = known(honolulu, [suppression()], 'UNREADABLE');
    const { told, refused } = await tell([known(newYork, [suppression()], 'ABSENT'), broken]);
    expect(told).toEqual({});
    expect(refused).toEqual([{ token: broken.token, cause: 'UNREADABLE' }]);
  });

  it('is read a hundred at a time', async () => {
    const people = Array.from({ length: 250 }, (_, n) =>
      known(`+1212${String(2_000_000 + n)}`, [suppression()]),
    );
    const { told, reads } = await tell(people);
    expect(reads).toEqual([100, 100, 50]);
    expect(told['voice']).toHaveLength(250);
  });
});
