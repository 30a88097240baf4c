/** Does `work` for each item, in order, with as many as `ahead` begun before their turn. */
export async function* readAhead<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  ahead: number,
): AsyncGenerator<Result, undefined> {
  const begun: Promise<Result>[] = [];
  const next = items[Symbol.iterator]();
  const begin = (): void => {
    const item = next.next();
    if (item.done === true) return;
    const working = work(item.value);
    // A failure is thrown where its turn comes; until then, or if it never does, nobody waits for it.
    working.catch(() => undefined);
    begun.push(working);
  };
  for (let count = 0; count < ahead; count += 1) begin();
  for (let first = begun.shift(); first !== undefined; first = begun.shift()) {
    const result = await first;
    begin();
    yield result;
  }
  return undefined;
}

/** Runs work side by side, no more than `most` at once, and throws at `settled` what one of it threw. */
export class Pool {
  readonly #most: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Begins the work; waits only while too much is under way. */
  async run(work: () => Promise<void>): Promise<void> {
    const running = work()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
    if (this.#running.size >= this.#most) await Promise.race(this.#running);
    this.#rethrow();
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
    this.#rethrow();
  }

  #rethrow(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
