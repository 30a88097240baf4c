import fc from 'fast-check';
import { expect, it } from 'vitest';
import { merge } from '../../../../lib/domain/state/merge.ts';
import { EMPTY_STATE } from '../../../../lib/domain/state/state.ts';
import {
  basisOf,
  contactPointsWith,
  emailToken,
  LISTED,
  OPTED_OUT,
  phoneToken,
  profileOf,
  registryWith,
  scrubbed,
  suppressing,
  suppression,
} from '../../../support/scrub.ts';
import { slowScrub } from '../../../support/slow-scrub.ts';

const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(''));

/** Numbers as lists hold them: common shapes, people who must come out, numbers abroad, and what is no number. */
const phone = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('212', '305', '416', '787', '809', '800', '246', '999'), digits(7))
      .map(([area, rest]) => `${area}${rest}`),
  },
  { weight: 3, arbitrary: digits(2).map((end) => `(212) 555-01${end}`) },
  { weight: 1, arbitrary: digits(2).map((end) => `+1.305.555.01${end}`) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(OPTED_OUT, LISTED, '212-555-0133', '1 212 555 0122', `+1${OPTED_OUT}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        '',
        ' ',
        'n/a',
        '+493090182000',
        '+44 20 7946 0000',
        '0012125550100',
        '011442079460000',
        '2125550100x12',
      ],
      ...['２125550100', '+52 1 55 1234 5678', 'tel:2125550100', '2125550100 ', '21255501001', "'2125550100"],
    ),
  },
);
const mail = fc.constantFrom(
  '',
  '',
  'out@example.com',
  'in@example.com',
  'IN@example.com',
  'bad@',
  'ü@exämple.com',
);
const note = fc.constantFrom('', 'x', 'a,b', 'say "no"', 'l1\nl2', 'c\r\nd', '=1+1', 'ü');
const quoted = (text: string, quote: boolean) =>
  quote || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const row = fc
  .tuple(phone, note, phone, mail, fc.boolean(), fc.constantFrom('\n', '\r\n'))
  .map(
    ([home, text, cell, address, quote, end]) =>
      `${[home, text, cell, address].map((value) => quoted(value, quote)).join(',')}${end}`,
  );

const suppressedBySms = merge(EMPTY_STATE, suppression('SMS'));
const people = () =>
  contactPointsWith(
    new Map([
      ...suppressing(phoneToken(`+1${OPTED_OUT}`), emailToken('out@example.com')),
      [phoneToken('+12125550133'), suppressedBySms],
    ]),
  );

it.each([
  { channel: 'VOICE', purpose: 'MARKETING', residency: 'US', defaultRegion: 'US' },
  { channel: 'SMS', purpose: 'SERVICE', residency: 'US', defaultRegion: 'CA' },
  { channel: 'EMAIL', purpose: 'MARKETING', residency: 'US', defaultRegion: undefined },
  { channel: 'VOICE', purpose: 'SERVICE', residency: 'EU', defaultRegion: 'DE' },
] as const)(
  'decides every row of a list ($channel, $purpose, $residency) as the slow scrub does',
  async ({ residency, ...about }) => {
    const profile = profileOf({
      ...about,
      phoneColumns: ['Home', 'Cell'],
      emailColumns: ['Mail'],
      ignoredColumns: ['Note'],
    });
    const registries = [
      registryWith(`+1${LISTED}`, '+12125550101', '+13055550102', '+493090182000'),
      {
        ...registryWith('+12125550101', '+14165550100'),
        version: { ...registryWith().version, registry: 'internal' },
      },
    ];
    const basis = basisOf({ profile, registries, residency });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        const header = 'Home,Note,Cell,Mail\n';
        const slow = await slowScrub(header + rows.join(''), basis, people());
        const fast = await scrubbed(header + rows.join(''), { basis, contactPoints: people() });
        expect(fast.evidence).toBe(slow.map(({ evidence }) => `${evidence}\n`).join(''));
        const approved = rows.filter((_, index) => slow[index]?.outcome === 'APPROVED');
        expect(Buffer.from(fast.approved, 'latin1').toString()).toBe(header + approved.join(''));
      }),
      { numRuns: 30 },
    );
  },
);
