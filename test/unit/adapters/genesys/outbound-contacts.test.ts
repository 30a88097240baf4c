import type { Models } from 'purecloud-platform-client-v2';
import { describe, expect, it } from 'vitest';
import { Conversation, contactsOf } from '../../../../lib/adapters/genesys/outbound-contacts.ts';
import { dialled, sent } from '../../../support/coverage.ts';
import { NOON } from '../../../support/facts.ts';
import { SETTINGS } from '../../../support/genesys-events.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const OWN = '+16175550190';
const { newYork, chicago, london } = NUMBERS;
const ME = '1f0a3c52-6d1e-4b7a-9a44-0f4d2c5b6e71';
const interval = { from: NOON, to: NOON + 3_600_000 };
const at = NOON + 60_000;
const iso = (moment: number) => new Date(moment).toISOString();
const segments = [{ segmentType: 'interact', segmentStart: iso(at) }];

type Leg = { readonly purpose?: string } & Models.AnalyticsSession;

/** A conversation of these legs, each of a participant of its own; voice and outbound unless told. */
function talk(...legs: readonly Leg[]): Models.AnalyticsConversation {
  return {
    conversationId: ME,
    conversationStart: iso(NOON - 60_000),
    participants: legs.map(({ purpose, ...session }, place) => ({
      ...(purpose === undefined ? {} : { purpose }),
      sessions: [{ sessionId: `s${place}`, mediaType: 'voice', direction: 'outbound', segments, ...session }],
    })),
  };
}

function read(conversation: Models.AnalyticsConversation, residency: 'EU' | 'US' = 'US') {
  const reading = { numbering: SETTINGS, pepper: PEPPER, residency };
  const { contacts, leftOut } = contactsOf(Conversation.parse(conversation), reading, interval);
  return { ...leftOut, reached: contacts.map(({ channel, reached }) => [channel, reached]), contacts };
}

const tokens = (...numbers: string[]) => numbers.map((number) => tokenOfNumber(number, PEPPER));
const customer = (to: string): Leg => ({ purpose: 'customer', dnis: `tel:${to}`, ani: 'sip:659c@localhost' });

describe('who was contacted', () => {
  it.each<[string, Models.AnalyticsConversation, unknown[]]>([
    [
      'a dialled call: the number dialled, once',
      dialled({ id: ME, to: newYork, at }),
      [['VOICE', tokens(newYork)]],
    ],
    [
      'a call by an agent, without a queue',
      talk({ purpose: 'user', dnis: `tel:${newYork}` }, { purpose: 'external', dnis: `tel:${newYork}` }),
      [['VOICE', tokens(newYork)]],
    ],
    [
      'a call that reached no leg of the customer',
      talk({ purpose: 'dialer', dnis: `tel:${newYork}` }, { purpose: 'agent', dnis: `tel:${newYork}` }),
      [['VOICE', tokens(newYork)]],
    ],
    ['a leg of a purpose that is not known', talk({ dnis: `tel:${newYork}` }), [['VOICE', tokens(newYork)]]],
    ['a call among colleagues', talk({ purpose: 'user', dnis: 'sip:7f2e@localhost' }), []],
    [
      'a device as the customer',
      talk({ purpose: 'customer', dnis: 'sip:7f2e@localhost' }),
      [['VOICE', 'UNREADABLE']],
    ],
    ['a customer without an address', talk({ purpose: 'customer' }), [['VOICE', 'UNREADABLE']]],
    ['a number that is none', talk({ purpose: 'customer', dnis: 'tel:+1100135' }), [['VOICE', 'UNREADABLE']]],
    [
      'two calls to one customer',
      talk(customer(newYork), customer(newYork)),
      [
        ['VOICE', tokens(newYork)],
        ['VOICE', tokens(newYork)],
      ],
    ],
    ['an inbound call', talk({ ...customer(newYork), direction: 'inbound' }), []],
    ['a text message', sent(ME, 'message', `tel:${newYork}`, at), [['SMS', tokens(newYork)]]],
    [
      'a message by ids of the platform',
      sent(ME, 'message', '7f2e9a10-1b1b-4c1c-8d1d-000000000000', at),
      [['SMS', 'UNREADABLE']],
    ],
    [
      'a callback that was called',
      talk(
        { purpose: 'acd', mediaType: 'callback', callbackNumbers: [newYork] },
        { purpose: 'customer', dnis: 'sip:7f2e@localhost' },
      ),
      [['VOICE', tokens(newYork)]],
    ],
    [
      'a callback that was only offered',
      talk({ purpose: 'acd', mediaType: 'callback', callbackNumbers: [newYork] }),
      [],
    ],
    ['somebody of another region', talk(customer(london)), [['VOICE', 'WRONG_REGION']]],
  ])('%s', (_what, conversation, reached) => {
    expect(read(conversation).reached).toEqual(reached);
  });

  it('numbers of the operator are no contacts, and neither are those whom an agent consults', () => {
    expect(read(talk(customer(OWN)))).toMatchObject({ reached: [], own: 1, consults: 0 });
    const consulting = talk(
      { ...customer(newYork), direction: 'inbound' },
      { purpose: 'external', dnis: `tel:${chicago}` },
    );
    expect(read(consulting)).toMatchObject({ reached: [], own: 0, consults: 1 });
  });

  it('a contact belongs to the interval in which its leg began, whenever the conversation did', () => {
    const legAt = (moment: number) =>
      talk({ ...customer(newYork), segments: [{ segmentStart: iso(moment) }] });
    expect(read(legAt(interval.from)).contacts).toHaveLength(1);
    expect(read(legAt(interval.from - 1)).contacts).toHaveLength(0);
    expect(read(legAt(interval.to - 1)).contacts).toHaveLength(1);
    expect(read(legAt(interval.to)).contacts).toHaveLength(0);
    expect(read(talk({ ...customer(newYork), segments: [] })).contacts).toHaveLength(0);
  });

  it('names it by ids that are safe for the log: those of a callback too', () => {
    const [plain] = read(
      talk(
        { purpose: 'acd', mediaType: 'callback', outboundCampaignId: 'spring', outboundContactId: newYork },
        customer(newYork),
      ),
    ).contacts;
    expect(plain).toMatchObject({ id: `${ME}.s1`, conversationId: ME, campaignId: 'spring', at });
    expect(plain?.contactId).toMatch(/^h\.p1\./);
  });

  it('a European deployment reads its own people, and no others', () => {
    expect(read(talk(customer(london)), 'EU').reached).toEqual([['VOICE', tokens(london)]]);
    expect(read(talk(customer(newYork)), 'EU').reached).toEqual([['VOICE', 'WRONG_REGION']]);
  });
});
