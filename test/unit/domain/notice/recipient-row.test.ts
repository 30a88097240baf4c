import { describe, expect, it } from 'vitest';
import { readRecipient } from '../../../../lib/domain/notice/recipient-row.ts';

const read = (cells: Readonly<Record<string, string>>, row = 2) =>
  readRecipient({ row, cells: new Map(Object.entries({ recipientId: 'r-1', ...cells })) });

describe('a row of a list of affected people', () => {
  it.each([
    ['+1 (212) 555-0100', undefined, '+12125550100'],
    ['(212) 555-0100', 'us', '+12125550100'],
    ['(212) 555-0100', undefined, undefined],
  ])('the number %s of country %s is %s', (phone, country = '', expected) => {
    const reading = read({ phone, country, email: 'a@example.com' });
    expect(reading).toMatchObject({ address: { email: 'a@example.com' } });
    expect('address' in reading ? reading.address.phone : undefined).toBe(expected);
  });

  it('an address is the same however it is written', () => {
    expect(read({ email: ' Casey@EXAMPLE.com ' })).toMatchObject({ address: { email: 'casey@example.com' } });
  });

  it.each([
    ['es', ['es']],
    ['PT_br; en', ['pt-BR', 'en']],
    ['zh-hant-tw', ['zh-Hant-TW']],
    ['Spanish', []],
    ['', []],
  ])('the languages of "%s" are %j', (preferredLanguage, languages) => {
    expect(read({ email: 'a@example.com', preferredLanguage })).toMatchObject({ address: { languages } });
  });

  it.each([
    ['sms', ['SMS']],
    ['Voice; E-MAIL,email', ['VOICE', 'EMAIL']],
    ['letter', []],
  ])('the preference "%s" is %j', (channelPreference, preferred) => {
    expect(read({ email: 'a@example.com', channelPreference })).toMatchObject({ preferred });
  });

  it.each([
    [
      { phone: '12', email: 'none' },
      { recipientId: 'r-1', unreadable: 'UNREADABLE_ADDRESS' },
    ],
    [{}, { recipientId: 'r-1', address: { languages: [] }, preferred: [] }],
    [
      { recipientId: '', email: 'a@example.com' },
      { recipientId: 'row-0k2', unreadable: 'BAD_RECIPIENT_ID' },
    ],
    [
      { recipientId: '+12125550100', email: 'a@example.com' },
      { recipientId: 'row-0k2', unreadable: 'BAD_RECIPIENT_ID' },
    ],
    [
      { recipientId: 'casey@example.com', email: 'casey@example.com' },
      { recipientId: 'row-0k2', unreadable: 'BAD_RECIPIENT_ID' },
    ],
  ])('%j', (cells, expected) => {
    expect(read(cells)).toEqual(expected);
  });

  it('no number of a row looks like a telephone number', () => {
    expect(read({ recipientId: '' }, 12_345_678)).toMatchObject({ recipientId: 'row-12345k678' });
  });
});
