/** Genesys takes 1,000 contacts a call; the promise is 50 to 100, so that little is in doubt when an answer is lost. */
export const LARGEST_BATCH = 100;

/** Gathers what is to go out together; no batch is given out before it is full, but for the rest at the end. */
export class Batches<T> {
  readonly #open = new Map<string, T[]>();

  /** The batch that became full, if one did. */
  add(key: string, item: T): readonly T[] | undefined {
    const batch = [...(this.#open.get(key) ?? []), item];
    this.#open.set(key, batch.length === LARGEST_BATCH ? [] : batch);
    return batch.length === LARGEST_BATCH ? batch : undefined;
  }

  /** What is left: the last batch of each key. */
  rest(): readonly (readonly T[])[] {
    const left = [...this.#open.values()].filter((batch) => batch.length > 0);
    this.#open.clear();
    return left;
  }
}
