import { stateOf } from '../contact-point/state-time-zones.ts';
import { type Address, postalRegionOf } from '../contact-point/whereabouts.ts';
import type { Subject } from '../policy/rules/context.ts';

/** All that a decision can know of a contact point of which nothing is stored, but for registries. */
export type ContactKind = {
  readonly subject: Subject;
  /** Whether the list's channel reaches it: an address in a list of calls is not dialled. */
  readonly reached: boolean;
  readonly isPhone: boolean;
};

/** The kinds of one file: equal ones are one object, so that what is decided of a kind is decided once. */
export class ContactKinds {
  readonly #known = new Map<string, ContactKind>();
  /** What a kind becomes by the regions that addresses name. */
  readonly #elsewhere = new Map<ContactKind, Map<string, ContactKind>>();

  of(kind: ContactKind): ContactKind {
    const { subject, reached, isPhone } = kind;
    const { country, regions, areaCode, timeZones } = subject;
    const key = JSON.stringify([country, regions, areaCode, timeZones, reached, isPhone]);
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, kind);
    return known ?? kind;
  }

  /** The same kind where an address says its region as well; unchanged by a state or a postal code that is none. */
  livingAt(kind: ContactKind, { state, postalCode }: Address): ContactKind {
    const isNorthAmerican = kind.subject.areaCode !== undefined;
    const named = [
      state === undefined ? undefined : stateOf(state),
      isNorthAmerican ? postalRegionOf(postalCode) : undefined,
    ].filter((region) => region !== undefined);
    if (named.length === 0) return kind;
    const elsewhere = this.#elsewhere.get(kind) ?? new Map<string, ContactKind>();
    if (elsewhere.size === 0) this.#elsewhere.set(kind, elsewhere);
    const key = named.join(' ');
    const known = elsewhere.get(key);
    if (known !== undefined) return known;
    const regions = [...new Set([...kind.subject.regions, ...named])].sort();
    const living = this.of({ ...kind, subject: { ...kind.subject, regions } });
    elsewhere.set(key, living);
    return living;
  }
}
