import { describe, expect, it } from 'vitest';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { type Address, whereaboutsOf } from '../../../../lib/domain/contact-point/whereabouts.ts';

function of(raw: string, address?: Address) {
  const phone = parsePhoneNumber(raw);
  if (phone.kind === 'unreadable') throw new Error(`expected a number, got ${phone.cause}`);
  return whereaboutsOf(phone, address);
}

const NY = 'America/New_York';
const CHICAGO = 'America/Chicago';

describe('where the owner of a number can be', () => {
  it.each<[string, Address, string[], string[]]>([
    ['+16175550100', {}, ['US-MA'], [NY]],
    ['+16175550100', { state: 'FL' }, ['US-FL', 'US-MA'], [CHICAGO, NY]],
    ['+16175550100', { postalCode: '32501' }, ['US-FL', 'US-MA'], [CHICAGO, NY]],
    ['+13125550100', { postalCode: '32501' }, ['US-FL', 'US-IL'], [CHICAGO]],
    // The postal code says where in the state.
    ['+13125550100', { state: 'FL', postalCode: '32501' }, ['US-FL', 'US-IL'], [CHICAGO]],
    // All three disagree: all three count.
    [
      '+16025550100',
      { state: 'FL', postalCode: '96701' },
      ['US-AZ', 'US-FL', 'US-HI'],
      [CHICAGO, NY, 'America/Phoenix', 'Pacific/Honolulu'],
    ],
    ['+16025550100', { postalCode: '86515' }, ['US-AZ'], ['America/Denver', 'America/Phoenix']],
    [
      '+17095550100',
      { postalCode: 'A1A 1A1' },
      ['CA-NL'],
      ['America/Halifax', 'America/Puerto_Rico', 'America/St_Johns'],
    ],
    // Military mail: nobody can tell the hours.
    ['+16175550100', { postalCode: '09001' }, ['US-MA'], []],
    // Berlin's codes look like New York's; the state counts.
    ['+4930123456', { postalCode: '10115' }, [], ['Europe/Berlin']],
    ['+4930123456', { state: 'NY', postalCode: '10115' }, ['US-NY'], [NY, 'Europe/Berlin']],
    ['+442079460000', { postalCode: 'SW1A 1AA' }, [], ['Europe/London']],
  ])('%s, %j: %j, %j', (raw, address, regions, timeZones) => {
    expect(of(raw, address)).toEqual({ regions, timeZones });
  });

  it.each<Address>([{ state: 'Bavaria' }, { postalCode: '00000' }, { state: 'FL', postalCode: 'SW1A 1AA' }])(
    '%j is no place in North America',
    (address) => expect(of('+16175550100', address)).toBeUndefined(),
  );
});
