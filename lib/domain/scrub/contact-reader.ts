import { type EmailAddress, parseEmailAddress } from '../contact-point/email-address.ts';
import { areaCodeOf } from '../contact-point/nanp.ts';
import {
  countryOfNational,
  isDialledWithoutPlus,
  NOT_SURE,
  readNanpShape,
} from '../contact-point/nanp-shapes.ts';
import { type PhoneNumber, parsePhoneNumber } from '../contact-point/phone-number.ts';
import { regionsOf } from '../contact-point/regions.ts';
import { type Residency, residencyOf } from '../contact-point/residency.ts';
import { type Pepper, type Token, tokenOf } from '../contact-point/token.ts';
import type { Unreadable } from '../contact-point/unreadable.ts';
import type { ContactKind, ContactKinds } from './contact-kind.ts';
import type { ScrubProfile } from './profile.ts';

/** A contact point of a row that this region may decide about. */
export type RowContact = {
  readonly kind: 'here';
  readonly token: Token;
  /** The digits of E.164 as an integer; 0 for e-mail addresses. */
  readonly number: number;
  readonly about: ContactKind;
};

/** What a cell says. Of another region's person nothing is kept, not even a token. */
export type CellReading =
  | RowContact
  | { readonly kind: 'elsewhere'; readonly residency: Residency }
  | Unreadable;

/** ISO 3166-1 keeps ZZ for users: a country that no rule names, so that the rules for all others apply. */
const UNKNOWN_COUNTRY = 'ZZ';
const REMEMBERED = 50_000;
const AREA_CODES = 1000;
const LINES = 10_000_000;

type Reading = Exclude<CellReading, RowContact> | ContactKind;

/** Reads the cells of one file. What is read the long way is remembered, since lists repeat numbers. */
export class ContactReader {
  readonly #profile: Pick<ScrubProfile, 'defaultRegion' | 'channel'>;
  readonly #here: { readonly residency: Residency; readonly pepper: Pepper };
  readonly #kinds: ContactKinds;
  readonly #phones = new Map<string, CellReading>();
  /** Of each area code, what all numbers of it have in common. */
  readonly #areas = new Array<Reading | undefined>(AREA_CODES).fill(undefined);
  readonly #withoutPlus: boolean;

  constructor(
    profile: Pick<ScrubProfile, 'defaultRegion' | 'channel'>,
    here: { readonly residency: Residency; readonly pepper: Pepper },
    kinds: ContactKinds,
  ) {
    this.#profile = profile;
    this.#here = here;
    this.#kinds = kinds;
    this.#withoutPlus = isDialledWithoutPlus(profile.defaultRegion);
  }

  /** The number written in `bytes`, without quotes, where it can be read there; undefined: it must be read as text. */
  phoneIn(bytes: Uint8Array, start: number, end: number): CellReading | undefined {
    const national = readNanpShape(bytes, { start, end, withoutPlus: this.#withoutPlus });
    if (national === NOT_SURE) return undefined;
    const areaCode = Math.floor(national / LINES);
    const reading = this.#areas[areaCode] ?? this.#area(areaCode, national);
    if ('kind' in reading) return reading;
    // Exchanges begin with 2 to 9: seven digits. Two small numbers become text far faster than one of ten digits.
    const canonical = `tel:+1${areaCode}${national - areaCode * LINES}`;
    const token = tokenOf(this.#here.pepper, { canonical });
    return { kind: 'here', token, number: 10_000_000_000 + national, about: reading };
  }

  phone(text: string): CellReading {
    const known = this.#phones.get(text);
    if (known !== undefined) return known;
    if (this.#phones.size >= REMEMBERED) this.#phones.clear();
    const phone = parsePhoneNumber(text, this.#profile.defaultRegion);
    const reading = phone.kind === 'unreadable' ? phone : this.#readPhone(phone);
    this.#phones.set(text, reading);
    return reading;
  }

  email(text: string): CellReading {
    return this.#readEmail(parseEmailAddress(text));
  }

  #area(areaCode: number, national: number): Reading {
    const country = countryOfNational(national);
    if (country === undefined) throw new TypeError('expected a country for a number that was read');
    const e164 = `+1${national}`;
    const reading = this.#kindOf({ kind: 'phone', e164, country, canonical: `tel:${e164}` });
    this.#areas[areaCode] = reading;
    return reading;
  }

  #readPhone(phone: PhoneNumber): CellReading {
    const reading = this.#kindOf(phone);
    if ('kind' in reading) return reading;
    const token = tokenOf(this.#here.pepper, phone);
    return { kind: 'here', token, number: Number(phone.e164.slice(1)), about: reading };
  }

  /** What is the same for all numbers of one area code and country. */
  #kindOf(phone: PhoneNumber): Reading {
    const residency = residencyOf(phone.country);
    if (residency !== this.#here.residency) return { kind: 'elsewhere', residency };
    return this.#kinds.of({
      // Time of day is no ground when a list is scrubbed, so nobody asks for time zones.
      subject: {
        country: phone.country,
        regions: regionsOf(phone),
        areaCode: areaCodeOf(phone),
        timeZones: [],
      },
      reached: this.#profile.channel !== 'EMAIL',
      isPhone: true,
    });
  }

  #readEmail(address: EmailAddress | Unreadable): CellReading {
    if (address.kind === 'unreadable') return address;
    const { defaultRegion, channel } = this.#profile;
    // An address names no country; without a region it is taken to be of the one that scrubs.
    const residency = defaultRegion === undefined ? this.#here.residency : residencyOf(defaultRegion);
    if (residency !== this.#here.residency) return { kind: 'elsewhere', residency };
    const about = this.#kinds.of({
      subject: { country: defaultRegion ?? UNKNOWN_COUNTRY, regions: [], timeZones: [] },
      reached: channel === 'EMAIL',
      isPhone: false,
    });
    return { kind: 'here', token: tokenOf(this.#here.pepper, address), number: 0, about };
  }
}
