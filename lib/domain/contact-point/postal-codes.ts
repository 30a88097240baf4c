import { zipPrefixesByState } from './postal-codes.data.ts';
import { stateOf, zonesOfState } from './state-time-zones.ts';

/** Where a postal code is; `ABROAD` is military mail and the associated states, whose hours nobody can tell. */
export type PostalPlace =
  | 'ABROAD'
  | {
      /** ISO 3166-2. */
      readonly region: string;
      /** Every IANA zone that can be there. */
      readonly timeZones: readonly string[];
    };

// Where 49 CFR part 71 draws no line through the ZIP codes of a prefix in a state of several zones. A prefix that a line
// crosses or comes near is not here: it can be in every zone of its state.
const ZONES_OF_PREFIXES: Readonly<Record<string, string>> = {
  'America/New_York': '320-323 326-342 344-349 374 376 379 400 402-419',
  'America/Chicago':
    '325 370-372 375 380-385 420-424 463-464 477 570-574 580-584 660-676 679 680-689 733 750-797',
  'America/Denver': '577 693 799 885',
  'America/Boise': '832-834 836-837',
  'America/Los_Angeles': '838 889-897 970-978',
  'America/Indiana/Indianapolis': '460-462 466-468 472-473 478',
  'America/Detroit': '480-497',
  // The Navajo Nation is in 860 and 865, and near 859.
  'America/Phoenix': '850-857 863-864',
  'America/Anchorage': '996-999',
};

type Prefixes = {
  readonly zones: ReadonlyMap<string, readonly string[]>;
  readonly states: ReadonlyMap<string, string>;
};
let unfoldedPrefixes: Prefixes | undefined;

/** Unfolded for the first ZIP code: most processes are never asked about one, and a cold start waits for all that it loads. */
function prefixesOf(): Prefixes {
  unfoldedPrefixes ??= {
    zones: new Map(
      Object.entries(ZONES_OF_PREFIXES).flatMap(([zone, prefixes]) =>
        unfolded(prefixes).map((prefix): [string, readonly string[]] => [prefix, [zone]]),
      ),
    ),
    states: new Map(
      zipPrefixesByState.flatMap(([state, prefixes]) =>
        unfolded(prefixes).map((prefix): [string, string] => [prefix, state]),
      ),
    ),
  };
  return unfoldedPrefixes;
}

// Spreadsheets drop leading zeros: 2139 is 02139.
const ZIP = /^(\d{3,5})(?:-\d{4})?$|^(\d{5})\d{4}$/;
const CANADIAN = /^([ABCEGHJ-NPRSTVXY])(\d[A-Z])(?:[ -]?\d[A-Z]\d)?$/;

// Canada Post: the first letter is a province; X0A to X0C are Nunavut, the other X the Northwest Territories.
const PROVINCES: Readonly<Record<string, string>> = {
  ...{ A: 'NL', B: 'NS', C: 'PE', E: 'NB', G: 'QC', H: 'QC', J: 'QC', K: 'ON', L: 'ON', M: 'ON', N: 'ON' },
  ...{ P: 'ON', R: 'MB', S: 'SK', T: 'AB', V: 'BC', X: 'NT', Y: 'YT' },
};
const NUNAVUT = /^0[ABC]$/;

/**
 * Where a postal code of the United States (`33101`, `33101-0001`) or Canada (`K1A 0B1`, `K1A`) is: its state or province,
 * and the zones of its prefix, or of the whole state where they are not known. Undefined for what is no such code.
 */
export function placeOfPostalCode(text: string): PostalPlace | undefined {
  const code = text.trim().toUpperCase();
  const [, short, long] = ZIP.exec(code) ?? [];
  const zip = (short ?? long)?.padStart(5, '0');
  return zip === undefined ? placeInCanada(code) : placeOfZip(zip);
}

function placeOfZip(zip: string): PostalPlace | undefined {
  const prefix = zip.slice(0, 3);
  const { zones, states } = prefixesOf();
  const state = states.get(zip) ?? states.get(prefix);
  if (state === undefined) return undefined;
  const region = stateOf(`US-${state}`);
  if (region === undefined) return 'ABROAD';
  const ofState = zonesOfState(region);
  const ofPrefix = zones.get(prefix) ?? ofState;
  // A code that another state has under the prefix: the zones of the prefix say nothing about it.
  const timeZones = ofPrefix.every((zone) => ofState.includes(zone)) ? ofPrefix : ofState;
  return { region, timeZones };
}

function placeInCanada(code: string): PostalPlace | undefined {
  const [, letter = '', rest = ''] = CANADIAN.exec(code) ?? [];
  const province = letter === 'X' && NUNAVUT.test(rest) ? 'NU' : PROVINCES[letter];
  if (province === undefined) return undefined;
  const region = `CA-${province}`;
  return { region, timeZones: zonesOfState(region) };
}

/** `100-102` as `100 101 102`. */
function unfolded(prefixes: string): readonly string[] {
  return prefixes.split(' ').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    const length = Number(last) - Number(first) + 1;
    return Array.from({ length }, (_, at) => String(Number(first) + at).padStart(first.length, '0'));
  });
}
