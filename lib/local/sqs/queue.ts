import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { HiddenMessages } from './hidden-messages.ts';
import type { Message, MessageAttributes } from './message.ts';
import type { QueueProperties } from './queue-properties.ts';
import type { Deduplication, QueueState, QueueStore } from './queue-store.ts';
import { messageOf, nonceOf } from './receipt-handle.ts';
import { checkedMessage, deduplicationKey } from './send-rules.ts';
import { invalidParameter, messageNotInflight } from './sqs-errors.ts';
import { Waiters } from './waiters.ts';

export type SendInput = {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly groupId?: string | undefined;
  readonly dedupId?: string | undefined;
  readonly delaySeconds?: number | undefined;
  readonly traceHeader?: string | undefined;
};

export type ReceiveInput = {
  /** Messages at most. */
  readonly max: number;
  /** The queue's own visibility timeout unless told. */
  readonly visibilityTimeoutMs?: number | undefined;
  /** How long to wait for a first message; Infinity waits until the signal aborts. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
};

export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly properties: QueueProperties;
  /** Accepts a message; a duplicate within five minutes is answered with the first one's ids and not delivered again. */
  send(input: SendInput): { id: string; sequence?: string };
  receive(input: ReceiveInput): Promise<readonly Message[]>;
  delete(receiptHandle: string): void;
  changeVisibility(receiptHandle: string, timeoutMs: number): void;
  purge(): void;
  /** Messages that are visible, in flight and delayed. */
  counts(): { visible: number; inFlight: number; delayed: number };
  /** Serves those who wait, after a message came in by another way than send. */
  wake(): void;
  /** Sends every waiting receiver away empty-handed. */
  close(): void;
};

export type QueueOptions = {
  readonly properties: QueueProperties;
  readonly arn: string;
  readonly url: string;
  readonly store: QueueStore;
  readonly clock: Clock;
  /** The dead-letter queue, and how often a message may be received before it goes there. */
  readonly redrive?: { readonly queue: Queue; readonly maxReceiveCount: number };
};

// "Messages with the same deduplication ID sent during the 5-minute deduplication interval are accepted, but not
// delivered" (Amazon SQS Developer Guide, Exactly-once processing)
const DEDUPLICATION_MS = 5 * 60_000;
// "The maximum is 12 hours ... from the time the message is first received" (Amazon SQS Developer Guide, Visibility timeout)
const MAX_VISIBILITY_MS = 12 * 3_600_000;

/** A queue with the guarantees of Amazon SQS; all that it must remember is in the store. */
export function createQueue(options: QueueOptions): Queue {
  return new StoredQueue(options);
}

class StoredQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly properties: QueueProperties;
  readonly #options: QueueOptions;
  readonly #state: QueueState;
  readonly #hidden: HiddenMessages;
  readonly #waiters: Waiters;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.properties = options.properties;
    this.name = options.properties.QueueName;
    this.arn = options.arn;
    this.url = options.url;
    this.#state = options.store.state(this.name);
    this.#hidden = new HiddenMessages(this.#state.messages.values(), options.clock.now());
    this.#waiters = new Waiters({
      clock: options.clock,
      take: (max, visibilityTimeoutMs) => this.#take(max, visibilityTimeoutMs),
      nextVisibleAt: () => this.#hidden.nextVisibleAt(),
    });
  }

  send(input: SendInput): { id: string; sequence?: string } {
    const { store, clock } = this.#options;
    const now = clock.now();
    const checked = checkedMessage(this.properties, input);
    const dedupKey = deduplicationKey(this.properties, input);
    const duplicate = dedupKey === undefined ? undefined : this.#recent(dedupKey, now);
    if (duplicate !== undefined) return { id: duplicate.id, sequence: duplicate.sequence };
    const message: Message = {
      ...checked,
      id: randomUUID(),
      sentAt: now,
      visibleAt: now + 1000 * (input.delaySeconds ?? this.properties.DelaySeconds),
      receives: 0,
      ...(this.properties.FifoQueue ? { sequence: store.nextSequence() } : {}),
    };
    store.commit({ kind: 'sent', queue: this.name, message, dedupKey });
    if (message.visibleAt > now) this.#hidden.add(message);
    this.#waiters.wake();
    const { id, sequence } = message;
    return sequence === undefined ? { id } : { id, sequence };
  }

  receive(input: ReceiveInput): Promise<readonly Message[]> {
    return this.#waiters.receive(input);
  }

  delete(receiptHandle: string): void {
    const message = messageOf(receiptHandle, this.#state.messages);
    if (message === undefined) return;
    const current = message.nonce === nonceOf(receiptHandle);
    if (this.properties.FifoQueue && (!current || message.visibleAt <= this.#options.clock.now())) {
      throw invalidParameter('The receipt handle has expired.');
    }
    // "If you don't provide the most recent receipt handle, the request succeeds, but the message might not be deleted"
    // (Amazon SQS API Reference, DeleteMessage)
    if (!current) return;
    this.#drop(message);
    if (this.properties.FifoQueue) this.#waiters.wake();
  }

  changeVisibility(receiptHandle: string, timeoutMs: number): void {
    const now = this.#options.clock.now();
    const message = messageOf(receiptHandle, this.#state.messages);
    if (message === undefined || message.nonce !== nonceOf(receiptHandle) || message.visibleAt <= now) {
      throw messageNotInflight();
    }
    const { receives, firstReceivedAt, nonce } = message;
    const visibleAt = now + timeoutMs;
    if (visibleAt > (firstReceivedAt ?? now) + MAX_VISIBILITY_MS) {
      throw invalidParameter('The total VisibilityTimeout of the message exceeds 12 hours.');
    }
    this.#seen(message, { visibleAt, receives, firstReceivedAt, nonce });
    this.#hidden.sweep(now);
    this.#waiters.wake();
  }

  purge(): void {
    this.#options.store.commit({ kind: 'purged', queue: this.name });
    this.#hidden.clear();
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    this.#expire(this.#options.clock.now());
    const { inFlight, delayed } = this.#hidden.counts();
    return { visible: this.#state.messages.size - inFlight - delayed, inFlight, delayed };
  }

  wake(): void {
    this.#waiters.wake();
  }

  close(): void {
    this.#waiters.close();
  }

  #take(max: number, visibilityTimeoutMs = this.properties.VisibilityTimeout * 1000): Message[] {
    const now = this.#options.clock.now();
    this.#expire(now);
    // "no more messages for the same message group ID are returned unless you delete the message or it becomes visible"
    // (Amazon SQS Developer Guide, FIFO delivery logic)
    const blocked = this.properties.FifoQueue ? this.#hidden.groups() : new Set<string>();
    const taken: Message[] = [];
    for (const message of this.#state.messages.values()) {
      if (taken.length === max) break;
      if (message.visibleAt > now || blocked.has(message.groupId ?? '')) continue;
      if (!this.#deadLettered(message, now)) taken.push(message);
    }
    for (const message of taken) this.#received(message, now, now + visibilityTimeoutMs);
    return taken.map((message) => ({ ...message }));
  }

  #received(message: Message, now: number, visibleAt: number): void {
    const firstReceivedAt = message.firstReceivedAt ?? now;
    this.#seen(message, { visibleAt, receives: message.receives + 1, firstReceivedAt, nonce: randomUUID() });
    if (visibleAt > now) this.#hidden.add(message);
  }

  #seen(
    message: Message,
    receipt: Pick<Message, 'visibleAt' | 'receives' | 'firstReceivedAt' | 'nonce'>,
  ): void {
    this.#options.store.commit({ kind: 'seen', queue: this.name, id: message.id, receipt });
  }

  #drop(message: Message): void {
    this.#options.store.commit({ kind: 'deleted', queue: this.name, id: message.id });
    this.#hidden.remove(message);
  }

  #deadLettered(message: Message, now: number): boolean {
    const { redrive, store } = this.#options;
    if (redrive === undefined || message.receives < redrive.maxReceiveCount) return false;
    const { firstReceivedAt: _first, nonce: _nonce, ...kept } = message;
    const moved: Message = {
      ...kept,
      receives: 0,
      visibleAt: now,
      deadLetterSourceArn: this.arn,
      // "For FIFO queues the enqueue timestamp resets when the message is moved to a dead-letter queue; for standard
      // queues it is unchanged" (Amazon SQS Developer Guide, Dead-letter queues and message retention)
      sentAt: this.properties.FifoQueue ? now : message.sentAt,
    };
    store.commit({ kind: 'moved', queue: this.name, id: message.id, to: redrive.queue.name, message: moved });
    redrive.queue.wake();
    return true;
  }

  #expire(now: number): void {
    this.#hidden.sweep(now);
    const oldest = now - this.properties.MessageRetentionPeriod * 1000;
    for (const message of this.#state.messages.values()) {
      if (message.sentAt > oldest) break;
      this.#drop(message);
    }
  }

  #recent(key: string, now: number): Deduplication | undefined {
    const { deduplications } = this.#state;
    for (const [old, { at }] of deduplications) {
      if (at + DEDUPLICATION_MS > now) break;
      deduplications.delete(old);
    }
    return deduplications.get(key);
  }
}
