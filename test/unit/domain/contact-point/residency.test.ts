import { expect, test } from 'vitest';
import { residencyOf } from '../../../../lib/domain/contact-point/residency.ts';

const UNION = 'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE'.split(' ');
const NEIGHBOURS = 'IS LI NO GB CH AX SJ GG JE IM GI FO SM VA MC AD'.split(' ');
const OVERSEAS = 'GP MQ GF RE YT MF BL PM WF PF NC'.split(' ');
const ELSEWHERE = 'US CA PR MX BR AR AU JP CN IN RU UA TR RS GL AW CW BQ SX FK BM XK ZA 001'.split(' ');

test('the Union has 27 members', () => expect(UNION).toHaveLength(27));

test.each([...UNION, ...NEIGHBOURS, ...OVERSEAS])('%s is decided in the EU', (country) => {
  expect(residencyOf(country)).toBe('EU');
});

test.each(ELSEWHERE)('%s is decided in the US', (country) => expect(residencyOf(country)).toBe('US'));
