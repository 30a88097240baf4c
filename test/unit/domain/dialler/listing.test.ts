import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmailAddress } from '../../../../lib/domain/contact-point/email-address.ts';
import { areaCodeOf } from '../../../../lib/domain/contact-point/nanp.ts';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { whereaboutsOf } from '../../../../lib/domain/contact-point/whereabouts.ts';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { DiallerList } from '../../../../lib/domain/dialler/dialler.ts';
import { listingOf, wasEverRefused } from '../../../../lib/domain/dialler/listing.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import { merge } from '../../../../lib/domain/state/merge.ts';
import { type ContactPointState, EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import {
  anyFact,
  consent,
  DAY_MS,
  hold,
  NOON,
  review,
  stateOf,
  suppression,
} from '../../../support/facts.ts';
import { ADDRESS, NUMBERS } from '../../../support/numbers.ts';

const policy = DEFAULT_POLICY;
const PHONE = phoneOf(NUMBERS.newYork);
const EMAIL = parseEmailAddress(ADDRESS);
if (EMAIL.kind === 'unreadable') throw new Error('fixture is unreadable');

function phoneOf(e164: string) {
  const phone = parsePhoneNumber(e164);
  if (phone.kind === 'unreadable') throw new Error('fixture is unreadable');
  return phone;
}

function listed(state: ContactPointState, list: object, contactPoint: typeof PHONE | typeof EMAIL = PHONE) {
  if (contactPoint.kind === 'unreadable') throw new Error('fixture is unreadable');
  return listingOf({ contactPoint, state }, DiallerList.parse(list), { policy, now: NOON });
}

const VOICE = { channels: ['VOICE'] };
const UNTIL = NOON + DAY_MS;

describe('what a list is to say', () => {
  it.each([
    { name: 'nothing is known', facts: [], list: VOICE, says: { listed: false } },
    { name: 'a request', facts: [suppression()], list: VOICE, says: { listed: true } },
    {
      name: 'a request that ends',
      facts: [suppression({ expiresAt: UNTIL })],
      list: VOICE,
      says: { listed: true, until: UNTIL },
    },
    {
      name: 'two requests, of which the later one ends too',
      facts: [
        suppression({ expiresAt: UNTIL }),
        suppression({ source: 'LETTER', expiresAt: UNTIL + DAY_MS }),
      ],
      list: VOICE,
      says: { listed: true, until: UNTIL + DAY_MS },
    },
    {
      name: 'two requests, of which one is for good',
      facts: [suppression({ expiresAt: UNTIL }), suppression({ source: 'LETTER' })],
      list: VOICE,
      says: { listed: true },
    },
    {
      name: 'a request that has ended',
      facts: [suppression({ expiresAt: NOON })],
      list: VOICE,
      says: { listed: false },
    },
    { name: 'a hold', facts: [hold()], list: VOICE, says: { listed: true } },
    {
      name: 'withdrawn consent',
      facts: [consent({ status: 'WITHDRAWN' })],
      list: VOICE,
      says: { listed: true },
    },
    {
      name: 'newer proved consent',
      facts: [suppression({ effectiveAt: NOON - 2 }), consent({ effectiveAt: NOON - 1 })],
      list: VOICE,
      says: { listed: false },
    },
    {
      name: 'a doubtful message that was none',
      facts: [suppression({ reason: 'PROVISIONAL', reviewId: 'review-1' }), review()],
      list: VOICE,
      says: { listed: false },
    },
    {
      name: 'a request to another seller',
      facts: [suppression({ seller: 'bravo' })],
      list: { ...VOICE, seller: 'acme' },
      says: { listed: false },
    },
    {
      name: 'a request to one seller, for a list of every seller',
      facts: [suppression({ seller: 'bravo' })],
      list: VOICE,
      says: { listed: true },
    },
    {
      name: 'a request on one of two channels',
      facts: [suppression({ channel: 'SMS' })],
      list: { channels: ['VOICE', 'SMS'] },
      says: { listed: true },
    },
  ])('$name: $says', ({ facts, list, says }) => {
    expect(listed(stateOf(...facts), list)).toEqual(says);
  });

  it('an address is on lists of e-mail alone', () => {
    const state = stateOf(suppression({ channel: 'ALL' }));
    expect(listed(state, { channels: ['EMAIL'] }, EMAIL)).toEqual({ listed: true });
    expect(listed(state, VOICE, EMAIL)).toEqual({ listed: false });
    expect(listed(state, { channels: ['EMAIL'] })).toEqual({ listed: false });
  });

  it('names exactly whom a check would block for what was said, now and until then', () => {
    const GROUNDS = new Set(['LITIGATION_HOLD', 'SUPPRESSED', 'CONSENT_WITHDRAWN']);
    const subject = { ...whereaboutsOf(PHONE), country: 'US', areaCode: areaCodeOf(PHONE) };
    const blockedAt = (state: ContactPointState, seller: string | undefined, now: number): boolean => {
      const { regions = [], timeZones = [], country, areaCode } = subject;
      const place = { regions, timeZones, country, areaCode };
      const scope = { channel: 'VOICE', purpose: 'MARKETING', seller } as const;
      const decision = decide({ scope, subject: place, state, registries: [], now }, policy, 'DIAL');
      return decision.reasons.some(({ code }) => GROUNDS.has(code));
    };
    let named = 0;
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 6 }),
        fc.constantFrom(undefined, 'acme'),
        (facts, seller) => {
          const state = facts.reduce(merge, EMPTY_STATE);
          const list = { ...VOICE, ...(seller === undefined ? {} : { seller }) };
          const said = listed(state, list);
          expect(said.listed).toBe(blockedAt(state, seller, NOON));
          if (said.listed) named += 1;
          if (said.until === undefined) return;
          expect(blockedAt(state, seller, said.until - 1)).toBe(true);
          expect(blockedAt(state, seller, said.until)).toBe(false);
        },
      ),
      { numRuns: 2000, seed: 7 },
    );
    expect(named).toBeGreaterThan(200);
  });
});

it('a dialler may have heard of whoever ever refused', () => {
  const refused = [
    [suppression()],
    [hold()],
    [consent({ status: 'OBJECTED' })],
    [suppression({ effectiveAt: NOON - 9 }), consent()],
  ];
  for (const facts of refused) expect(wasEverRefused(stateOf(...facts))).toBe(true);
  expect(wasEverRefused({ ...stateOf(), erasedAt: NOON })).toBe(true);
  expect(wasEverRefused(stateOf(consent()))).toBe(false);
});
