import type { RegistryFact } from '../policy/rules/context.ts';
import type { RegistryMembership, RegistrySegment } from '../ports.ts';
import { groupOfNumber } from '../registry/segment.ts';
import { versionAtFor } from '../registry/version.ts';

/** What every registry says of a number. Numbers of one group of which all say the same share one listing. */
export type Listing = { readonly facts: readonly RegistryFact[] };

/** Of an e-mail address no registry says anything. */
const UNASKED: Listing = { facts: [] };

/** Asks the registries of one scrub about many numbers. */
export class RegistryListings {
  readonly #registries: readonly RegistryMembership[];
  /** By group, the segments of every registry, in order. */
  readonly #segments: (readonly RegistrySegment[] | undefined)[] = [];
  /** By group, and by the registries that a number is on: the n-th registry is the n-th bit. */
  readonly #listings: Map<number, Listing>[] = [];

  constructor(registries: readonly RegistryMembership[]) {
    this.#registries = registries;
  }

  /** Reads what is needed to answer about these numbers. */
  async load(numbers: readonly number[]): Promise<void> {
    const wanted = new Set<number>();
    for (const number of numbers) {
      const group = groupIndex(number);
      if (this.#segments[group] === undefined) wanted.add(group);
    }
    await Promise.all(
      [...wanted].map(async (group) => {
        this.#segments[group] = await Promise.all(
          this.#registries.map((registry) => registry.segment(String(group))),
        );
      }),
    );
  }

  /** What the registries say of a number whose segments are loaded; of undefined, nothing. */
  of(number: number | undefined): Listing {
    if (number === undefined) return UNASKED;
    const group = groupIndex(number);
    const segments = this.#segments[group];
    if (segments === undefined) throw new TypeError('expected the segments of a number to be loaded');
    let bits = 0;
    for (let place = 0; place < segments.length; place += 1) {
      if (segments[place]?.has(number)) bits += 2 ** place;
    }
    return this.#listings[group]?.get(bits) ?? this.#newListing(number, bits);
  }

  #newListing(number: number, bits: number): Listing {
    const facts = this.#registries.map(({ version: { registry, areaCodes, ...dates } }, place) => ({
      registry,
      listed: Math.floor(bits / 2 ** place) % 2 === 1,
      // Area codes can have lists of different dates; a group is one of them.
      versionAt: versionAtFor(dates, `+${number}`),
      areaCodes,
    }));
    const listing = { facts };
    const group = groupIndex(number);
    this.#listings[group] = (this.#listings[group] ?? new Map<number, Listing>()).set(bits, listing);
    return listing;
  }
}

/** The group of a number's segment. In the North American plan that is 1 and the area code. */
function groupIndex(number: number): number {
  return number >= 10_000_000_000 && number < 20_000_000_000
    ? Math.floor(number / 10_000_000)
    : Number(groupOfNumber(number));
}
