/**
 * Gives each of `seekers`, in their order, one of its options that nobody else has; whoever was given one keeps one, if
 * need be another, so that as many as can be are served (augmenting paths, Berge 1957). What is served by fewer options is
 * served by more.
 */
export function assign<Seeker, Option>(
  seekers: readonly Seeker[],
  optionsOf: (seeker: Seeker) => readonly Option[],
): ReadonlyMap<Seeker, Option> {
  const given = new Map<Seeker, Option>();
  const holders = new Map<Option, Seeker>();
  for (const seeker of seekers) {
    const path = findPath(seeker, { optionsOf, holders });
    if (path !== undefined) moveAlong(path, { given, holders });
  }
  return given;
}

type Path<Seeker, Option> = {
  /** Free until now. */
  readonly end: Option;
  /** By option, who would take it. */
  readonly takers: ReadonlyMap<Option, Seeker>;
};

function findPath<Seeker, Option>(
  first: Seeker,
  known: {
    readonly optionsOf: (seeker: Seeker) => readonly Option[];
    readonly holders: ReadonlyMap<Option, Seeker>;
  },
): Path<Seeker, Option> | undefined {
  const takers = new Map<Option, Seeker>();
  const waiting = [first];
  for (const seeker of waiting) {
    for (const option of known.optionsOf(seeker)) {
      if (takers.has(option)) continue;
      takers.set(option, seeker);
      const holder = known.holders.get(option);
      if (holder === undefined) return { end: option, takers };
      waiting.push(holder);
    }
  }
  return undefined;
}

function moveAlong<Seeker, Option>(
  { end, takers }: Path<Seeker, Option>,
  { given, holders }: { readonly given: Map<Seeker, Option>; readonly holders: Map<Option, Seeker> },
): void {
  let option: Option | undefined = end;
  while (option !== undefined) {
    const taker = takers.get(option);
    if (taker === undefined) return;
    const left = given.get(taker);
    given.set(taker, option);
    holders.set(option, taker);
    option = left;
  }
}
