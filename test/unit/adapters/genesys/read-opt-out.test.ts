import type { Models } from 'purecloud-platform-client-v2';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type * as z from 'zod';
import { ownNumbersFrom } from '../../../../lib/adapters/genesys/customer-address.ts';
import { optOutCodesFrom, readOptOut } from '../../../../lib/adapters/genesys/read-opt-out.ts';
import {
  type ConversationWrapUp,
  Envelope,
  eventTimeOf,
  type PostContact,
  topicOf,
} from '../../../../lib/adapters/genesys/wrap-up-event.ts';
import { NOON } from '../../../support/facts.ts';
import {
  eventText,
  FIXTURES,
  type FixtureName,
  fixture,
  OPT_OUT_CODE,
  OTHER_CODE,
  SETTINGS,
} from '../../../support/genesys-events.ts';

/** Whom a reading names, and its problem. */
function read(body: string, settings = SETTINGS) {
  const reading = readOptOut(body, settings);
  if (reading.kind === 'NO_OPT_OUT') return reading.kind;
  return [reading.problem ?? 'WHOLE', ...reading.contactPoints.map(({ canonical }) => canonical).toSorted()];
}

describe('fixtures', () => {
  test.each(FIXTURES)('%s is an event that EventBridge delivers', (name) => {
    const event = fixture(name);
    expect(Envelope.safeParse(event).success).toBe(true);
    expect(topicOf(event['detail-type'])).not.toBe('OTHER');
  });

  test('what the SDK types say can be read', () => {
    type Sdk<T> = { [K in keyof T]: NonNullable<T[K]> };
    type Acw = Sdk<Required<Models.AcwDetailEventTopicAfterCallWorkEvent>>;
    type WrapUp = Sdk<Required<Models.WrapupDetailEventTopicWrapupEvent>>;
    type Voice = Sdk<Required<Models.OutboundVoiceCampaignPostContactOutboundVoiceCampaignPostContactEvent>>;
    type Preview = Models.OutboundPreviewCampaignPostContactOutboundPreviewCampaignPostContactEvent;
    type Sms =
      Models.OutboundMessagingCampaignPostContactSmsEventTopicOutboundMessagingCampaignPostContactSMSEvent;
    type Email =
      Models.OutboundMessagingCampaignPostContactEmailEventTopicOutboundMessagingCampaignPostContactEmailEvent;
    expectTypeOf<Acw>().toExtend<z.input<typeof ConversationWrapUp>>();
    expectTypeOf<WrapUp>().toExtend<z.input<typeof ConversationWrapUp>>();
    expectTypeOf<Voice>().toExtend<z.input<typeof PostContact>>();
    expectTypeOf<Sdk<Required<Preview>>>().toExtend<z.input<typeof PostContact>>();
    expectTypeOf<Sdk<Required<Sms>>>().toExtend<z.input<typeof PostContact>>();
    expectTypeOf<Sdk<Required<Email>>>().toExtend<z.input<typeof PostContact>>();
    // And every field that is read is one that Genesys names.
    expectTypeOf<keyof ConversationWrapUp>().toExtend<keyof Acw>();
  });
});

describe('whom an opt-out is about', () => {
  test.each<[FixtureName, string[]]>([
    ['acw-outbound', ['tel:+17815550101']],
    ['acw-inbound', ['tel:+17815550102']],
    ['acw-callback', ['tel:+17815550103', 'tel:+17815550104']],
    ['acw-sms', ['tel:+17815550106']],
    ['wrapup-outbound', ['tel:+17815550107']],
    ['wrapup-email-inbound', ['mailto:casey.customer@example.com']],
    ['post-contact-voice', ['tel:+17815550108']],
    ['post-contact-preview', ['tel:+17815550109']],
    ['post-contact-sms', ['tel:+17815550110']],
    ['post-contact-email', ['mailto:robin.reader@example.com']],
  ])('TB18 %s', (name, expected) => {
    expect(read(eventText(name))).toEqual(['WHOLE', ...expected]);
  });

  test.each<[string, FixtureName, Record<string, unknown>, string[]]>([
    ['direction in small letters', 'acw-inbound', { direction: 'inbound' }, ['WHOLE', 'tel:+17815550102']],
    [
      'unknown direction: the end that is not ours',
      'acw-inbound',
      { direction: 'UNKNOWN' },
      ['WHOLE', 'tel:+17815550102'],
    ],
    [
      'no direction, two foreign ends: both',
      'acw-inbound',
      { direction: undefined, dnis: 'tel:+17815550111' },
      ['WHOLE', 'tel:+17815550102', 'tel:+17815550111'],
    ],
    ['US number behind a plus', 'acw-outbound', { dnis: 'tel:+7815550112' }, ['WHOLE', 'tel:+17815550112']],
    ['national number', 'acw-outbound', { dnis: '(781) 555-0113' }, ['WHOLE', 'tel:+17815550113']],
    [
      'callback without numbers: the called end',
      'acw-callback',
      { callbackNumbers: [], dnis: 'tel:+17815550114' },
      ['WHOLE', 'tel:+17815550114'],
    ],
    [
      'callbackNumbers of a voice session without ends',
      'acw-outbound',
      { dnis: undefined, callbackNumbers: ['+17815550115'] },
      ['WHOLE', 'tel:+17815550115'],
    ],
    [
      'e-mail that we wrote',
      'wrapup-email-inbound',
      { direction: 'OUTBOUND', addressTo: 'casey.customer@example.com', addressFrom: 'support@example.org' },
      ['WHOLE', 'mailto:casey.customer@example.com'],
    ],
    [
      'a web chat has user ids, not numbers',
      'acw-sms',
      { addressFrom: '2f7bf00a-0fc2-4d6a-9b56-781555010012' },
      ['NO_CUSTOMER_ADDRESS'],
    ],
    ['sip: is refused', 'acw-outbound', { dnis: 'sip:+17815550116@localhost' }, ['UNREADABLE_ADDRESS']],
    ['withheld caller id', 'acw-inbound', { ani: 'tel:anonymous' }, ['UNREADABLE_ADDRESS']],
    ['transfer target', 'acw-outbound', { dnis: 'tel:+16175550192' }, ['ONLY_OWN_NUMBERS']],
    ['own number called by us', 'acw-inbound', { ani: 'tel:+16175550190' }, ['ONLY_OWN_NUMBERS']],
    ['no end at all', 'acw-outbound', { ani: undefined, dnis: undefined }, ['NO_CUSTOMER_ADDRESS']],
    [
      'outbound without dnis: ani is ours, whatever it is',
      'acw-outbound',
      { dnis: undefined, ani: 'tel:+17815550117' },
      ['NO_CUSTOMER_ADDRESS'],
    ],
    [
      'one of two callback numbers unreadable',
      'acw-callback',
      { callbackNumbers: ['+17815550118', 'ask at reception'] },
      ['UNREADABLE_ADDRESS', 'tel:+17815550118'],
    ],
    ['campaign without the number', 'post-contact-voice', { voiceAttributes: {} }, ['NO_CUSTOMER_ADDRESS']],
  ])('%s', (_, name, body, expected) => {
    expect(read(eventText(name, body))).toEqual(expected);
  });
});

describe('which events are opt-outs', () => {
  test('TB17 the code is read from detail.eventBody.wrapupCode, an id in a string', () => {
    expect(read(eventText('acw-outbound'))).toEqual(['WHOLE', 'tel:+17815550101']);
  });

  test.each([
    ['another code', { wrapupCode: OTHER_CODE }],
    ['a system code', { wrapupCode: 'ININ-OUTBOUND-NO-ANSWER' }],
    ['a name that means opt-out, since names are editable', { wrapupCode: 'Do Not Call' }],
    ['none', { wrapupCode: undefined }],
    ['null', { wrapupCode: null }],
    ['an empty one', { wrapupCode: '' }],
    [
      'another code, and the opt-out code only in the notes',
      { wrapupCode: OTHER_CODE, wrapupNotes: OPT_OUT_CODE },
    ],
  ])('TB21 no opt-out: %s', (_, body) => {
    expect(read(eventText('acw-outbound', body))).toBe('NO_OPT_OUT');
  });

  test('TB21 ids are configured and compared without regard to letter case', () => {
    const settings = { ...SETTINGS, optOutCodes: optOutCodesFrom(` ${OTHER_CODE.toUpperCase()}, ,other `) };
    expect(read(eventText('acw-outbound', { wrapupCode: OTHER_CODE }), settings)).toEqual([
      'WHOLE',
      'tel:+17815550101',
    ]);
    expect(read(eventText('acw-outbound'), settings)).toBe('NO_OPT_OUT');
  });

  test('TB21 an agent leg without a code, as after a transfer, suppresses nobody', () => {
    expect(read(eventText('acw-transfer'))).toBe('NO_OPT_OUT');
  });
});

describe('what else is read', () => {
  test('TB22 the identity is the session and its code, not the envelope', () => {
    const identity = (body: string) => {
      const reading = readOptOut(body, SETTINGS);
      return reading.kind === 'OPT_OUT' ? reading.identity : undefined;
    };
    const redelivered = JSON.stringify({ ...JSON.parse(eventText('acw-outbound')), id: 'another' });
    expect(identity(redelivered)).toBe(identity(eventText('acw-outbound')));
    expect(identity(eventText('acw-outbound', { sessionId: 'another' }))).not.toBe(identity(redelivered));
    expect(identity(eventText('acw-outbound', { conversationId: undefined }))).toBeUndefined();
  });

  test('the agent is userId in sessions and agentId in campaigns', () => {
    for (const name of ['acw-outbound', 'post-contact-voice'] as const) {
      expect(readOptOut(eventText(name), SETTINGS)).toMatchObject({
        agent: 'f0f0f0f0-f0f0-4f0f-8f0f-ffffffffffff',
      });
    }
    expect(readOptOut(eventText('wrapup-outbound'), SETTINGS)).toMatchObject({ agent: undefined });
  });

  test.each<[string, unknown, number]>([
    ['milliseconds', NOON - 1, NOON - 1],
    ['ISO 8601 with an offset', '2026-11-20T16:00:00+02:00', NOON - 3_600_000],
    ['absent: the time of the envelope', undefined, NOON + 128],
    ['seconds are no milliseconds: the time of the envelope', NOON / 1000, NOON + 128],
    ['zero', 0, NOON + 128],
  ])('eventTime: %s', (_, eventTime, expected) => {
    expect(readOptOut(eventText('acw-outbound', { eventTime }), SETTINGS)).toMatchObject({
      statedAt: expected,
    });
  });

  test('no time that can be the time of an event', () => {
    expect(eventTimeOf(undefined, null, 5, Number.NaN, 'never')).toBeUndefined();
  });
});

describe('own numbers', () => {
  test('are compared in canonical form', () => {
    expect(ownNumbersFrom(' +1 617 555 0190 ,, +442079460106 ')).toEqual(
      new Set(['tel:+16175550190', 'tel:+442079460106']),
    );
    expect(ownNumbersFrom('')).toEqual(new Set());
  });

  test('that cannot be read stop the start, and are not repeated', () => {
    expect(() => ownNumbersFrom('+16175550190,6175550191')).toThrow(
      /^expected E\.164 numbers, got NO_REGION at position 2$/,
    );
  });
});
