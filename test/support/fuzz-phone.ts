import { isDeepStrictEqual } from 'node:util';
import { wholeAreaCodes } from '../../lib/domain/contact-point/nanp.data.ts';
import { isDialledWithoutPlus, NOT_SURE, readNanpText } from '../../lib/domain/contact-point/nanp-shapes.ts';
import { parsePhoneNumber, parseWithLibrary } from '../../lib/domain/contact-point/phone-number.ts';
import type { Random } from './random.ts';

const AREA_CODES = wholeAreaCodes.flatMap(([, codes]) => codes.split(' '));
const SHAPES = [
  ...['+1aaannnllll', '1aaannnllll', 'aaannnllll', '(aaa) nnn-llll', 'aaa-nnn-llll', 'aaa.nnn.llll'],
  ...[
    'aaa nnn llll',
    '+1 (aaa) nnn-llll',
    '+1-aaa-nnn-llll',
    '1-aaa-nnn-llll',
    '1 aaa nnn llll',
    '(aaa)nnnllll',
  ],
];
const HOSTILE = [
  ...[
    'x12',
    ' ext. 7',
    '#9',
    ';ext=12',
    ',',
    ';',
    'p5',
    'A',
    'FLOWERS',
    'tel:',
    'sip:',
    '+',
    '(',
    ')',
    '()',
    '(0)',
  ],
  ...[
    ' ',
    '  ',
    '-',
    '--',
    '.',
    '.0',
    '/',
    ' / ',
    '0',
    '1',
    '00',
    '011',
    '\t',
    '\n',
    '\0',
    "'",
    '"',
    '""',
    '=',
    '@',
  ],
  ...[
    '\u00a0',
    '\u200b',
    '\u00ad',
    '\u2010',
    '\uff0b',
    '\uff12',
    '\u0662',
    '\ufeff',
    '\u{1d7d0}',
    '2',
    '55',
    '5550100',
  ],
];
const REGIONS = ['US', 'US', 'US', 'CA', 'PR', 'GB', 'DE', 'XX', undefined];
/** Of what is left to the library, so many are compared as well: these are the library's own answers. */
const COMPARE_UNSURE = 0.01;

export type PhoneFuzz = { readonly cases: number; readonly sure: number };

/**
 * Reads random and hostile texts the short way and with the library.
 *
 * @throws Error at the first text of which the two say different things.
 */
export function fuzzPhone(random: Random, cases: number): PhoneFuzz {
  let sure = 0;
  for (let done = 0; done < cases; done += 1) {
    const text = randomText(random);
    const region = random.pick(REGIONS);
    const isSure = readNanpText(text, isDialledWithoutPlus(region)) !== NOT_SURE;
    if (isSure) sure += 1;
    if (!isSure && !random.chance(COMPARE_UNSURE)) continue;
    const [quick, slow] = [parsePhoneNumber(text, region), parseWithLibrary(text, region)];
    if (!isDeepStrictEqual(quick, slow)) {
      throw new Error(`${JSON.stringify({ text, region })}: ${JSON.stringify({ quick, slow })}`);
    }
  }
  return { cases, sure };
}

function randomText(random: Random): string {
  const digit = () => String(random.below(10));
  const areaCode = random.chance(0.8) ? random.pick(AREA_CODES) : `${digit()}${digit()}${digit()}`;
  const shape = random.pick(SHAPES).replace('aaa', areaCode).replaceAll(/[nl]/g, digit);
  return random.chance(0.5)
    ? shape
    : random.some(3, () => edit(random)).reduce((text, change) => change(text), shape);
}

function edit(random: Random): (text: string) => string {
  const insert = random.pick(HOSTILE);
  const remove = random.below(3);
  return (text) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + insert + text.slice(at + remove);
  };
}
