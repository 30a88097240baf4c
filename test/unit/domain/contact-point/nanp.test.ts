import { expect, test } from 'vitest';
import { areaCodeOf } from '../../../../lib/domain/contact-point/nanp.ts';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';

test.each([
  ['+17815550100', '781'],
  ['+14165550100', '416'],
  ['+12423221234', '242'],
  ['+18005550100', '800'],
  ['+442079460000', undefined],
])('the area code of %s is %s', (raw, areaCode) => {
  const number = parsePhoneNumber(raw);
  if (number.kind === 'unreadable') throw new Error(`expected a number, got ${number.cause}`);
  expect(areaCodeOf(number)).toBe(areaCode);
});
