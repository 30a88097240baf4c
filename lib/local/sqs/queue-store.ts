import * as z from 'zod';
import { type Journal, openJournal } from '../journal.ts';
import { Message } from './message.ts';

/** A deduplication id that was seen, and what was answered then. */
const Deduplication = z.object({ id: z.string(), sequence: z.string(), at: z.number() });
export type Deduplication = z.output<typeof Deduplication>;

/** All that a queue must remember over a restart. */
export type QueueState = {
  /** By message id, oldest first. */
  readonly messages: Map<string, Message>;
  readonly deduplications: Map<string, Deduplication>;
};

const Receipt = Message.pick({ visibleAt: true, receives: true, firstReceivedAt: true, nonce: true });

const Entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sequence'), next: z.number() }),
  z.object({ kind: z.literal('sent'), queue: z.string(), message: Message, dedupKey: z.string().optional() }),
  z.object({ kind: z.literal('seen'), queue: z.string(), id: z.string(), receipt: Receipt }),
  z.object({ kind: z.literal('deleted'), queue: z.string(), id: z.string() }),
  // One line for both queues: a message is never in two, nor in none.
  z.object({ kind: z.literal('moved'), queue: z.string(), id: z.string(), to: z.string(), message: Message }),
  z.object({ kind: z.literal('purged'), queue: z.string() }),
  z.object({
    kind: z.literal('deduplicated'),
    queue: z.string(),
    dedupKey: z.string(),
    value: Deduplication,
  }),
]);
export type Entry = z.output<typeof Entry>;

/** Every change of every queue goes through here: it is written down, then applied. */
export type QueueStore = {
  state(queue: string): QueueState;
  commit(entry: Entry): void;
  /** The next number of the FIFO sequence, 20 digits as Amazon SQS writes it. */
  nextSequence(): string;
  close(): void;
};

const COMPACT_ABOVE_LINES = 20_000;
const COMPACT_RATIO = 4;
/** So many are rewritten soon after a message goes, so that none stays on disk: messages hold numbers of people. */
const FEW = 1000;
const SOON_MS = 1000;
const TAKES_AWAY: ReadonlySet<Entry['kind']> = new Set(['deleted', 'purged']);

/** Opens the queues' common journal and restores what it holds. */
export function openQueueStore(path: string): QueueStore {
  const queues = new Map<string, QueueState>();
  let sequence = 0;
  const state = (queue: string): QueueState => {
    const known = queues.get(queue) ?? { messages: new Map(), deduplications: new Map() };
    queues.set(queue, known);
    return known;
  };
  const apply = (entry: Entry): void => {
    if (entry.kind === 'sequence') sequence = Math.max(sequence, entry.next);
    else applyToQueue(entry, state);
    if (entry.kind === 'sent') sequence = Math.max(sequence, Number(entry.message.sequence ?? 0));
  };
  const journal = openJournal(path, (record) => apply(Entry.parse(record)));
  const compact = (): void => journal.rewrite(snapshot(queues, sequence));
  if (journal.lines > 0) compact();
  let soon: NodeJS.Timeout | undefined;
  const compactSoon = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      if (liveIn(queues) <= FEW) compact();
    }, SOON_MS).unref();
  };
  return {
    state,
    commit(entry) {
      journal.append(entry);
      apply(entry);
      if (worthCompacting(journal, queues)) compact();
      else if (TAKES_AWAY.has(entry.kind)) compactSoon();
    },
    nextSequence() {
      sequence += 1;
      return String(sequence).padStart(20, '0');
    },
    close() {
      clearTimeout(soon);
      if (journal.lines > 0) compact();
      journal.close();
    },
  };
}

function applyToQueue(
  entry: Exclude<Entry, { kind: 'sequence' }>,
  state: (queue: string) => QueueState,
): void {
  const { messages, deduplications } = state(entry.queue);
  switch (entry.kind) {
    case 'sent': {
      const { message, dedupKey } = entry;
      messages.set(message.id, message);
      if (dedupKey === undefined) return;
      // Deleted first, so that the map stays ordered by age.
      deduplications.delete(dedupKey);
      deduplications.set(dedupKey, { id: message.id, sequence: message.sequence ?? '', at: message.sentAt });
      return;
    }
    case 'seen': {
      const message = messages.get(entry.id);
      if (message !== undefined) Object.assign(message, entry.receipt);
      return;
    }
    case 'deleted':
      messages.delete(entry.id);
      return;
    case 'moved':
      messages.delete(entry.id);
      state(entry.to).messages.set(entry.id, entry.message);
      return;
    case 'purged':
      messages.clear();
      return;
    case 'deduplicated':
      deduplications.set(entry.dedupKey, entry.value);
  }
}

function worthCompacting(journal: Journal, queues: ReadonlyMap<string, QueueState>): boolean {
  return journal.lines >= COMPACT_ABOVE_LINES && journal.lines > COMPACT_RATIO * liveIn(queues);
}

function liveIn(queues: ReadonlyMap<string, QueueState>): number {
  let live = 0;
  for (const { messages, deduplications } of queues.values()) live += messages.size + deduplications.size;
  return live;
}

function* snapshot(queues: ReadonlyMap<string, QueueState>, sequence: number): Generator<Entry> {
  yield { kind: 'sequence', next: sequence };
  for (const [queue, { messages, deduplications }] of queues) {
    for (const message of messages.values()) yield { kind: 'sent', queue, message };
    for (const [dedupKey, value] of deduplications) yield { kind: 'deduplicated', queue, dedupKey, value };
  }
}
