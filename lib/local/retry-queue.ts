import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from './clock.ts';
import { type Journal, openJournal } from './journal.ts';

export type RetryQueueOptions<Item> = {
  readonly path: string;
  readonly schema: z.ZodType<Item>;
  readonly clock: Clock;
  /** Does the work; throws where it must be done again. `attempt` counts from 1. */
  readonly run: (item: Item, attempt: number) => Promise<void> | void;
  /** Milliseconds until the next attempt, or undefined to give up. `ageMs` counts from the acceptance. */
  readonly delayMs: (item: Item, failure: Failure & { ageMs: number }) => number | undefined;
  /** Takes what could not be done. Where it throws, the item is tried again later: nothing is dropped unseen. */
  readonly giveUp: (item: Item, failure: Failure) => Promise<void> | void;
};

export type Failure = { readonly error: unknown; readonly attempts: number };

export type RetryQueue<Item> = {
  /** Accepts an item: it is on disk when this returns, and its first attempt has begun. */
  add(item: Item): void;
  /** Begins what an earlier run has left. Call once all that `run` needs is there. */
  resume(): void;
  readonly size: number;
  /** Waits for attempts that are under way; what has yet to be tried again stays on disk. */
  close(): Promise<void>;
};

type Pending<Item> = { id: string; item: Item; attempts: number; acceptedAt: number };

const Line = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('accepted'),
    id: z.string(),
    item: z.unknown(),
    attempts: z.number(),
    acceptedAt: z.number(),
  }),
  z.object({ kind: z.literal('failed'), id: z.string(), attempts: z.number() }),
  z.object({ kind: z.literal('settled'), id: z.string() }),
]);

const GIVE_UP_RETRY_MS = 60_000;
const COMPACT_ABOVE_LINES = 10_000;

/** Work that is done at least once, however often the process is killed in between. */
export function openRetryQueue<Item>(options: RetryQueueOptions<Item>): RetryQueue<Item> {
  return new StoredRetryQueue(options);
}

class StoredRetryQueue<Item> implements RetryQueue<Item> {
  readonly #options: RetryQueueOptions<Item>;
  readonly #pending = new Map<string, Pending<Item>>();
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<() => void>();
  readonly #journal: Journal;
  #left: Pending<Item>[];
  #closed = false;

  constructor(options: RetryQueueOptions<Item>) {
    this.#options = options;
    this.#journal = openJournal(options.path, (record) => this.#replay(record));
    this.#left = [...this.#pending.values()];
    if (this.#journal.lines > 0) this.#compact();
  }

  get size(): number {
    return this.#pending.size;
  }

  add(item: Item): void {
    if (this.#closed) throw new Error('The local AWS is closing; the work was not accepted.');
    const pending = { id: randomUUID(), item, attempts: 0, acceptedAt: this.#options.clock.now() };
    this.#journal.append({ kind: 'accepted', ...pending });
    this.#pending.set(pending.id, pending);
    this.#start(pending);
  }

  resume(): void {
    const left = this.#left;
    this.#left = [];
    for (const pending of left) this.#start(pending);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    await Promise.allSettled(this.#running);
    this.#compact();
    this.#journal.close();
  }

  #replay(record: unknown): void {
    const line = Line.parse(record);
    const known = this.#pending.get(line.id);
    if (line.kind === 'settled') this.#pending.delete(line.id);
    else if (line.kind === 'accepted') {
      const { id, attempts, acceptedAt } = line;
      this.#pending.set(id, { id, attempts, acceptedAt, item: this.#options.schema.parse(line.item) });
    } else if (known !== undefined) known.attempts = line.attempts;
  }

  #start(pending: Pending<Item>): void {
    const work = this.#attempt(pending).finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #attempt(pending: Pending<Item>): Promise<void> {
    const attempt = pending.attempts + 1;
    try {
      // The synchronous part of the first attempt runs inside add, so that items keep the order they came in.
      await this.#options.run(pending.item, attempt);
      this.#settle(pending);
    } catch (error) {
      if (this.#closed) return;
      pending.attempts = attempt;
      this.#journal.append({ kind: 'failed', id: pending.id, attempts: attempt });
      await this.#failed(pending, error);
    }
  }

  async #failed(pending: Pending<Item>, error: unknown): Promise<void> {
    const { clock, delayMs, giveUp } = this.#options;
    const failure = { error, attempts: pending.attempts };
    const delay = delayMs(pending.item, { ...failure, ageMs: clock.now() - pending.acceptedAt });
    if (delay !== undefined) return this.#later(delay, pending);
    try {
      await giveUp(pending.item, failure);
      this.#settle(pending);
    } catch {
      this.#later(GIVE_UP_RETRY_MS, pending);
    }
  }

  #later(delayMs: number, pending: Pending<Item>): void {
    if (this.#closed) return;
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      this.#start(pending);
    });
    this.#timers.add(cancel);
  }

  #settle(pending: Pending<Item>): void {
    this.#pending.delete(pending.id);
    // What is done must leave nothing behind: items hold whatever was sent, numbers of people included.
    const isLast = this.#pending.size === 0;
    if (!isLast) this.#journal.append({ kind: 'settled', id: pending.id });
    if (isLast || (this.#journal.lines > COMPACT_ABOVE_LINES && this.#journal.lines > 4 * this.#pending.size))
      this.#compact();
  }

  #compact(): void {
    this.#journal.rewrite([...this.#pending.values()].map((pending) => ({ kind: 'accepted', ...pending })));
  }
}
