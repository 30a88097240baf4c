import type { Message } from './message.ts';

/** The messages of a queue that no receiver may see now: in flight or delayed. */
export class HiddenMessages {
  readonly #messages = new Set<Message>();

  constructor(messages: Iterable<Message>, now: number) {
    for (const message of messages) if (message.visibleAt > now) this.#messages.add(message);
  }

  add(message: Message): void {
    this.#messages.add(message);
  }

  remove(message: Message): void {
    this.#messages.delete(message);
  }

  clear(): void {
    this.#messages.clear();
  }

  /** Forgets those whose time has come. */
  sweep(now: number): void {
    for (const message of this.#messages) if (message.visibleAt <= now) this.#messages.delete(message);
  }

  groups(): ReadonlySet<string> {
    const groups = new Set<string>();
    for (const { groupId } of this.#messages) if (groupId !== undefined) groups.add(groupId);
    return groups;
  }

  /** When the next of them shows itself; Infinity where there is none. */
  nextVisibleAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.#messages) next = Math.min(next, visibleAt);
    return next;
  }

  counts(): { inFlight: number; delayed: number } {
    let inFlight = 0;
    for (const { receives } of this.#messages) if (receives > 0) inFlight += 1;
    return { inFlight, delayed: this.#messages.size - inFlight };
  }
}
