import type { Token } from '../../lib/domain/contact-point/token.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { Change, ContactPoint, ContactPoints, Sealed } from '../../lib/domain/ports.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';

/** Contact points in memory, with the optimistic lock of the real ones. */
export class MemoryContactPoints implements ContactPoints {
  readonly items = new Map<Token, ContactPoint>();
  readonly sealed = new Map<Token, Sealed>();
  /** Every entry by its id, in the order of arrival. */
  readonly entries = new Map<string, Entry>();
  /** What the next calls fail with, first come first served; undefined lets one call pass. */
  readonly failures: (Error | undefined)[] = [];

  async read(tokens: readonly Token[]): Promise<readonly ContactPoint[]> {
    this.#fail();
    return tokens.map((token) => this.items.get(token) ?? nothingKnown(token));
  }

  async commit(change: Change): Promise<'COMMITTED' | 'CONFLICT'> {
    this.#fail();
    const { token, version, pendingCount, sealed } = change.from;
    if ((this.items.get(token)?.version ?? 0) !== version) return 'CONFLICT';
    this.items.set(token, {
      ...change.from,
      version: version + 1,
      state: change.state,
      pendingCount: pendingCount + (change.entry === undefined ? 0 : 1),
      sealed: change.destroyKey === undefined && (sealed || change.sealed !== undefined),
      answers:
        change.answer === undefined
          ? change.from.answers
          : { ...change.from.answers, [change.answer.requestKey]: change.answer.answer },
    });
    if (change.destroyKey !== undefined) this.sealed.delete(token);
    if (change.sealed !== undefined) this.sealed.set(token, change.sealed);
    if (change.entry !== undefined) this.entries.set(change.entry.id, change.entry);
    return 'COMMITTED';
  }

  async change(
    token: Token,
    decide: (from: ContactPoint) => Omit<Change, 'from'> | undefined,
  ): Promise<ContactPoint> {
    for (;;) {
      const [from = nothingKnown(token)] = await this.read([token]);
      const change = decide(from);
      if (change === undefined || (await this.commit({ ...change, from })) === 'COMMITTED') return from;
    }
  }

  async record(entry: Entry): Promise<void> {
    this.#fail();
    this.entries.set(entry.id, entry);
  }

  #fail(): void {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
  }
}

function nothingKnown(token: Token): ContactPoint {
  return {
    token,
    version: 0,
    state: EMPTY_STATE,
    pendingCount: 0,
    pendingBytes: 0,
    sealed: false,
    answers: {},
  };
}
