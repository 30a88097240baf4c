import type { Token } from '../../lib/domain/contact-point/token.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { CallOptions, Change, ContactPoint, ContactPoints } from '../../lib/domain/ports.ts';

/** Contact points before and after each call to which others may go first, as a scheduler decides. */
export class SteppedContactPoints implements ContactPoints {
  readonly #inner: ContactPoints;
  readonly #step: () => Promise<unknown>;

  constructor(inner: ContactPoints, step: () => Promise<unknown>) {
    this.#inner = inner;
    this.#step = step;
  }

  read(tokens: readonly Token[], options?: CallOptions): Promise<readonly ContactPoint[]> {
    return this.#between(() => this.#inner.read(tokens, options));
  }

  commit(change: Change, options?: CallOptions): Promise<'COMMITTED' | 'CONFLICT'> {
    return this.#between(() => this.#inner.commit(change, options));
  }

  record(entry: Entry, now: number, options?: CallOptions): Promise<void> {
    return this.#between(() => this.#inner.record(entry, now, options));
  }

  async change(
    token: Token,
    decide: (from: ContactPoint) => Omit<Change, 'from'> | undefined,
  ): Promise<ContactPoint> {
    for (let tries = 0; tries < 100; tries += 1) {
      const [from] = await this.read([token]);
      if (from === undefined) break;
      const change = decide(from);
      if (change === undefined || (await this.commit({ ...change, from })) === 'COMMITTED') return from;
    }
    throw new ComplianceError({ code: 'WRITE_CONTENTION', message: 'others were faster every time' });
  }

  async #between<T>(call: () => Promise<T>): Promise<T> {
    await this.#step();
    const result = await call();
    await this.#step();
    return result;
  }
}
