import type { Clock } from '../clock.ts';
import type { Message } from './message.ts';
import type { ReceiveInput } from './queue.ts';

type Waiter = ReceiveInput & { readonly settle: (messages: readonly Message[]) => void };

type WaitersOptions = {
  readonly clock: Clock;
  readonly take: (max: number, visibilityTimeoutMs?: number) => Message[];
  readonly nextVisibleAt: () => number;
};

/** Receivers that wait: they are served the moment a message can be had, in the order in which they came. */
export class Waiters {
  readonly #options: WaitersOptions;
  readonly #waiting = new Set<Waiter>();
  #closed = false;
  #cancelAlarm = (): void => {};

  constructor(options: WaitersOptions) {
    this.#options = options;
  }

  async receive(input: ReceiveInput): Promise<readonly Message[]> {
    if (this.#closed || input.signal?.aborted) return [];
    const messages = this.#options.take(input.max, input.visibilityTimeoutMs);
    if (messages.length > 0 || input.waitMs <= 0) return messages;
    return new Promise((resolve) => this.#wait(input, resolve));
  }

  wake(): void {
    for (const waiter of this.#waiting) {
      const messages = this.#options.take(waiter.max, waiter.visibilityTimeoutMs);
      if (messages.length === 0) break;
      waiter.settle(messages);
    }
    this.#setAlarm();
  }

  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiting) waiter.settle([]);
    this.#cancelAlarm();
  }

  #wait(input: ReceiveInput, resolve: (messages: readonly Message[]) => void): void {
    const giveUp = (): void => waiter.settle([]);
    const cancelTimer = Number.isFinite(input.waitMs)
      ? this.#options.clock.after(input.waitMs, giveUp)
      : () => {};
    const waiter: Waiter = {
      ...input,
      settle: (found) => {
        this.#waiting.delete(waiter);
        cancelTimer();
        input.signal?.removeEventListener('abort', giveUp);
        resolve(found);
      },
    };
    // Without this, a message would go to a client that has hung up, and stay hidden until its timeout.
    input.signal?.addEventListener('abort', giveUp);
    this.#waiting.add(waiter);
    this.#setAlarm();
  }

  // A message that becomes visible again announces itself to nobody, so someone must be woken for it.
  #setAlarm(): void {
    this.#cancelAlarm();
    this.#cancelAlarm = () => {};
    const { clock, nextVisibleAt } = this.#options;
    const at = nextVisibleAt();
    if (this.#waiting.size > 0 && Number.isFinite(at)) {
      this.#cancelAlarm = clock.after(Math.max(0, at - clock.now()), () => this.wake());
    }
  }
}
