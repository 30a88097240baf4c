type Release = () => void;
type Waiting = { readonly grant: (release: Release) => void; readonly refuse: (error: Error) => void };

/** Counts how many invocations run at once, and lets the next one in when one is done. */
export class Slots {
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(size: number) {
    this.#free = size;
  }

  /** A slot, or undefined where all are taken. */
  tryAcquire(): Release | undefined {
    if (this.#free <= 0) return undefined;
    this.#free -= 1;
    return this.#releaseOnce();
  }

  /** Waits for a slot; rejects when closed. */
  acquire(): Promise<Release> {
    const release = this.tryAcquire();
    if (release !== undefined) return Promise.resolve(release);
    return new Promise((grant, refuse) => this.#waiting.push({ grant, refuse }));
  }

  close(error: Error): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(error);
  }

  #releaseOnce(): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next.grant(this.#releaseOnce());
    };
  }
}
