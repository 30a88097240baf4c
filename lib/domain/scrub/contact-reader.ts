import { type EmailAddress, parseEmailAddress } from '../contact-point/email-address.ts';
import { areaCodeOf } from '../contact-point/nanp.ts';
import { type PhoneNumber, parsePhoneNumber } from '../contact-point/phone-number.ts';
import { regionsOf } from '../contact-point/regions.ts';
import { type Residency, residencyOf } from '../contact-point/residency.ts';
import { stateOf } from '../contact-point/state-time-zones.ts';
import { type Pepper, type Token, tokenOf } from '../contact-point/token.ts';
import type { Unreadable } from '../contact-point/unreadable.ts';
import { type Address, postalRegionOf } from '../contact-point/whereabouts.ts';
import type { Subject } from '../policy/rules/context.ts';
import type { ScrubProfile } from './profile.ts';

/** A contact point of a row that this region may decide about. */
export type RowContact = {
  readonly kind: 'here';
  readonly token: Token;
  readonly subject: Subject;
  /** Only of phone numbers. */
  readonly e164?: string;
  /** Whether the list's channel reaches it: an address in a list of calls is not dialled. */
  readonly reached: boolean;
};

/** What a cell says. Of another region's person nothing is kept, not even a token. */
export type CellReading =
  | RowContact
  | { readonly kind: 'elsewhere'; readonly residency: Residency }
  | Unreadable;

/** ISO 3166-1 keeps ZZ for users: a country that no rule names, so that the rules for all others apply. */
const UNKNOWN_COUNTRY = 'ZZ';
const REMEMBERED = 50_000;

/** The same contact where an address says its region as well; unchanged by a state or a postal code that is none. */
export function livingAt(contact: RowContact, { state, postalCode }: Address): RowContact {
  const isNorthAmerican = contact.subject.areaCode !== undefined;
  const named = [
    state === undefined ? undefined : stateOf(state),
    isNorthAmerican ? postalRegionOf(postalCode) : undefined,
  ].filter((region) => region !== undefined);
  if (named.length === 0) return contact;
  const regions = [...new Set([...contact.subject.regions, ...named])].sort();
  return { ...contact, subject: { ...contact.subject, regions } };
}

/** Reads the cells of one file. Lists repeat numbers, so readings are remembered. */
export class ContactReader {
  readonly #profile: Pick<ScrubProfile, 'defaultRegion' | 'channel'>;
  readonly #here: { readonly residency: Residency; readonly pepper: Pepper };
  readonly #phones = new Map<string, CellReading>();

  constructor(
    profile: Pick<ScrubProfile, 'defaultRegion' | 'channel'>,
    here: { readonly residency: Residency; readonly pepper: Pepper },
  ) {
    this.#profile = profile;
    this.#here = here;
  }

  phone(text: string): CellReading {
    const known = this.#phones.get(text);
    if (known !== undefined) return known;
    if (this.#phones.size >= REMEMBERED) this.#phones.clear();
    const reading = this.#readPhone(parsePhoneNumber(text, this.#profile.defaultRegion));
    this.#phones.set(text, reading);
    return reading;
  }

  email(text: string): CellReading {
    return this.#readEmail(parseEmailAddress(text));
  }

  #readPhone(phone: PhoneNumber | Unreadable): CellReading {
    if (phone.kind === 'unreadable') return phone;
    const residency = residencyOf(phone.country);
    if (residency !== this.#here.residency) return { kind: 'elsewhere', residency };
    return {
      kind: 'here',
      token: tokenOf(this.#here.pepper, phone),
      e164: phone.e164,
      // Time of day is no ground when a list is scrubbed, so nobody asks for time zones.
      subject: {
        country: phone.country,
        regions: regionsOf(phone),
        areaCode: areaCodeOf(phone),
        timeZones: [],
      },
      reached: this.#profile.channel !== 'EMAIL',
    };
  }

  #readEmail(address: EmailAddress | Unreadable): CellReading {
    if (address.kind === 'unreadable') return address;
    const { defaultRegion, channel } = this.#profile;
    // An address names no country; without a region it is taken to be of the one that scrubs.
    const residency = defaultRegion === undefined ? this.#here.residency : residencyOf(defaultRegion);
    if (residency !== this.#here.residency) return { kind: 'elsewhere', residency };
    return {
      kind: 'here',
      token: tokenOf(this.#here.pepper, address),
      subject: { country: defaultRegion ?? UNKNOWN_COUNTRY, regions: [], timeZones: [] },
      reached: channel === 'EMAIL',
    };
  }
}
