import { describe, expect, test } from 'vitest';
import { readOptOut } from '../../../../lib/adapters/genesys/read-opt-out.ts';
import { salvage } from '../../../../lib/adapters/genesys/salvage.ts';
import { NOON } from '../../../support/facts.ts';
import { eventText, fixture, OPT_OUT_CODE, OTHER_CODE, SETTINGS } from '../../../support/genesys-events.ts';

const cut = (text: string, at: string) => text.slice(0, text.indexOf(at) + at.length);
const whole = eventText('acw-outbound');
const bare = (eventBody: unknown, detailType = 'v2.detail.events.conversation.{id}.acw') =>
  JSON.stringify({ 'detail-type': detailType, detail: { eventBody } });
const CUSTOMER = 'tel:+17815550101';

/** `[problem, ...whom]` */
function read(body: string) {
  const reading = readOptOut(body, SETTINGS);
  if (reading.kind === 'NO_OPT_OUT') return reading.kind;
  return [reading.problem, ...reading.contactPoints.map(({ canonical }) => canonical).toSorted()];
}

describe('threat 26: whoever can be made out is suppressed', () => {
  test.each<[string, string, (string | undefined)[]]>([
    ['cut off after the code', cut(whole, OPT_OUT_CODE), ['BAD_JSON', CUSTOMER]],
    ['cut off after the number, code lost', cut(whole, '+17815550101'), ['BAD_JSON', CUSTOMER]],
    ['cut off within the number', cut(whole, '+178155'), ['BAD_JSON']],
    ['cut off within the code', cut(whole, OPT_OUT_CODE.slice(0, 20)), ['BAD_JSON', CUSTOMER]],
    ['a brace too many', `${whole}}`, ['BAD_JSON', CUSTOMER]],
    ['JSON serialized twice', JSON.stringify(whole), ['UNKNOWN_SHAPE', CUSTOMER]],
    [
      'characters escaped',
      cut(whole, OPT_OUT_CODE).replace('+17815550101', '\\u002b17815550101'),
      ['BAD_JSON', CUSTOMER],
    ],
    [
      'single quotes',
      `{'dnis': 'tel:+17815550101', 'wrapupCode': '${OPT_OUT_CODE}'}`,
      ['BAD_JSON', CUSTOMER],
    ],
    ['no quotes', `{dnis: +17815550101, wrapupCode: ${OPT_OUT_CODE}}`, ['BAD_JSON', CUSTOMER]],
    [
      'the shape that published recipes expect',
      JSON.stringify({ detail: { wrapUpCode: { name: 'DNC' }, dnis: '+17815550101' } }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'no envelope',
      JSON.stringify({
        direction: 'INBOUND',
        ani: 'tel:+17815550101',
        dnis: 'tel:+17815550119',
        wrapupCode: OPT_OUT_CODE,
      }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'the number as a JSON number',
      bare({ direction: 'OUTBOUND', dnis: 17815550101, wrapupCode: OPT_OUT_CODE }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'callback numbers as one text',
      bare({ mediaType: 'CALLBACK', callbackNumbers: '+17815550101', wrapupCode: OPT_OUT_CODE }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'the code as an object',
      bare({ direction: 'OUTBOUND', dnis: CUSTOMER, wrapupCode: { id: OPT_OUT_CODE } }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'the code as a number',
      bare({ direction: 'OUTBOUND', dnis: CUSTOMER, wrapupCode: 7 }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'deeper than expected',
      bare({ wrapupCode: [OPT_OUT_CODE], session: { legs: [{ contactPhoneNumber: CUSTOMER }] } }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'a tel: URI in a field nobody knows',
      bare({ wrapupCode: [OPT_OUT_CODE], party: 'tel:+1-781-555-0101' }),
      ['UNKNOWN_SHAPE', CUSTOMER],
    ],
    [
      'an e-mail address',
      bare({
        wrapupCode: [OPT_OUT_CODE],
        emailAttributes: { contactEmailAddress: 'casey@example.com', replyToAddress: 'us@example.org' },
      }),
      ['UNKNOWN_SHAPE', 'mailto:casey@example.com'],
    ],
    [
      'a topic nobody asked for, with the code',
      bare({ dnis: CUSTOMER, wrapupCode: OPT_OUT_CODE }, 'v2.other'),
      ['UNKNOWN_TOPIC', CUSTOMER],
    ],
    ['nothing at all', '', ['BAD_JSON']],
    ['no object', 'null', ['UNKNOWN_SHAPE']],
  ])('%s', (_, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  test('an inbound caller in callbackNumbers of the wrong form is found although ani is withheld', () => {
    const body = eventText('acw-inbound', { ani: 'anonymous', callbackNumbers: ['+17815550101'] });
    expect(read(body)).toEqual(['UNREADABLE_ADDRESS', CUSTOMER]);
  });

  test('the time is made out as well', () => {
    expect(salvage(cut(whole, OPT_OUT_CODE), SETTINGS).statedAt).toBe(NOON - 1200);
    expect(salvage('{"eventTime": 12', SETTINGS).statedAt).toBeUndefined();
  });
});

describe('nobody else is', () => {
  test.each<[string, string, (string | undefined)[]]>([
    ['another code, whole', `${eventText('acw-outbound', { wrapupCode: OTHER_CODE })}}`, ['BAD_JSON']],
    [
      'a topic nobody asked for, without a code',
      bare({ dnis: CUSTOMER }, 'v2.detail.events.conversation.{id}.customer.end'),
      ['UNKNOWN_TOPIC'],
    ],
    [
      'a topic nobody asked for, with no code yet',
      bare({ dnis: CUSTOMER, wrapupCode: null }, 'v2.other'),
      ['UNKNOWN_TOPIC'],
    ],
    [
      'own caller id of an outbound call',
      cut(whole.replace('+16175550190', '+17815550120'), OPT_OUT_CODE),
      ['BAD_JSON', CUSTOMER],
    ],
    ['own numbers, direction lost', cut(whole.replace('OUTBOUND', ''), OPT_OUT_CODE), ['BAD_JSON', CUSTOMER]],
    [
      'the sender of a text',
      cut(eventText('post-contact-sms'), '"senderPhoneNumber":"+16175550193"')
        .replace('+16175550193', '+17815550121')
        .slice(0, -1),
      ['BAD_JSON', 'tel:+17815550110'],
    ],
    [
      'sip: addresses',
      cut(whole.replace('tel:+17815550101', 'sip:+17815550101@host'), OPT_OUT_CODE),
      ['BAD_JSON'],
    ],
    [
      'digits of ids',
      bare({ wrapupCode: [OPT_OUT_CODE], conversationId: '17815550-1017-8155-5010-178155501017' }),
      ['UNKNOWN_SHAPE'],
    ],
  ])('%s', (_, body, expected) => {
    expect(read(body)).toEqual(expected);
  });

  test('a body of a megabyte is read in linear time', () => {
    const hostile = [
      `"dnis":"`.repeat(60_000),
      'tel:'.repeat(120_000),
      '\\'.repeat(500_000),
      '[{"ani":'.repeat(60_000),
    ];
    for (const body of hostile) expect(read(body)).toContain('BAD_JSON');
  });

  test('every prefix of a real event is read without an error, and never as whole', () => {
    const text = JSON.stringify(fixture('acw-outbound'));
    for (let length = 0; length < text.length; length += 1) {
      const reading = readOptOut(text.slice(0, length), SETTINGS);
      expect(reading).toMatchObject({ kind: 'OPT_OUT', problem: 'BAD_JSON' });
      if (reading.kind !== 'OPT_OUT') continue;
      for (const { canonical } of reading.contactPoints) expect(canonical).toBe(CUSTOMER);
    }
  });
});
