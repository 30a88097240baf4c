import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { Batch, LogHead } from '../../lib/domain/log/head.ts';
import type {
  LegalAlertOutbox,
  LogHeads,
  LogObjects,
  PendingEntries,
  TreeObjects,
} from '../../lib/domain/log/log-ports.ts';
import { type PendingPlace, readPending } from '../../lib/domain/log/pending.ts';
import type { PolicyArchive } from '../../lib/domain/policy/archive.ts';
import { ORIGIN, testSigner } from './log-key.ts';

/** What all processes share: the stores behind the ports of append-audit-log. */
export class AuditLogWorld {
  head: LogHead = { size: 0, fence: 0 };
  readonly items = new Map<string, Map<string, string>>();
  readonly objects = new Map<string, string>();
  /** Tiles, checkpoints, vkey: by key, in binary. The pointer apart. */
  readonly tree = new Map<string, string>();
  /** Every state of the pointer. */
  readonly pointers: string[] = [];
  readonly outbox = new Map<string, { decisionId: string; at: string }>();
  /** Hashes of the policies whose documents are kept. */
  readonly policies = new Set<string>();
  /** Those that an entry named when it was logged, and that were not kept. */
  readonly unkept = new Set<string>();

  wait(home: string, entry: Entry): void {
    const item = this.items.get(home) ?? new Map<string, string>();
    this.items.set(home, item.set(entry.id, JSON.stringify(entry)));
  }

  waiting(): number {
    return [...this.items.values()].reduce((sum, item) => sum + item.size, 0);
  }

  /** Every line of every object, in the order of the keys' first indices. */
  lines(): string[] {
    const byFirst = [...this.objects].toSorted(([a], [b]) => firstOf(a) - firstOf(b));
    return byFirst.flatMap(([, text]) => text.split('\n').slice(0, -1));
  }
}

function firstOf(key: string): number {
  return Number(/(\d+)\.ndjson\.gz$/.exec(key)?.[1]);
}

/** Called before each effect and after it; what it throws is the process's death. */
export type Step = (moment: 'BEFORE' | 'AFTER') => Promise<void>;

/** The ports of one process. No lease holds anybody off: whatever is exact here is so by the fence and the objects alone. */
export function portsOf(world: AuditLogWorld, step: Step, seesHome: (home: string) => boolean = () => true) {
  const effect = async <T>(run: () => T): Promise<T> => {
    await step('BEFORE');
    const result = run();
    await step('AFTER');
    return result;
  };
  return {
    heads: headsOf(world, effect),
    pending: pendingOf(world, effect, seesHome),
    objects: objectsOf(world, effect),
    tree: treeOf(world, effect),
    signer: testSigner(),
    origin: ORIGIN,
    outbox: outboxOf(world, effect),
    reviews: { waiting: async () => [] },
    policies: policiesOf(world, effect),
  };
}

type Effect = <T>(run: () => T) => Promise<T>;

function headsOf(world: AuditLogWorld, effect: Effect): LogHeads {
  const fenced = (fence: number, change: Partial<LogHead> & { batch?: Batch | undefined }): Promise<void> =>
    effect(() => {
      if (world.head.fence !== fence) throw new ComplianceError({ code: 'FENCED', message: 'fenced' });
      const { batch, ...rest } = { ...world.head, ...change };
      world.head = batch === undefined ? rest : { ...rest, batch };
    });
  return {
    acquire: () =>
      effect(() => {
        world.head = { ...world.head, fence: world.head.fence + 1 };
        return world.head;
      }),
    intend: (fence, batch) => fenced(fence, { batch }),
    commit: (fence, batch) => fenced(fence, { batch, size: batch.first + batch.count }),
    finish: (fence) => fenced(fence, { batch: undefined }),
    release: (fence, loggedUntil) => fenced(fence, loggedUntil === undefined ? {} : { loggedUntil }),
  };
}

function pendingOf(
  world: AuditLogWorld,
  effect: Effect,
  seesHome: (home: string) => boolean,
): PendingEntries {
  const read = (homes: readonly string[]) => {
    const all = homes.flatMap((home) =>
      [...(world.items.get(home) ?? [])].map(([id, text]) => readPending({ home, id }, text)),
    );
    const entries = all.flatMap((entry) => entry ?? []);
    return { entries, unreadable: all.length - entries.length };
  };
  const remove = ({ home, id }: PendingPlace): void => {
    world.items.get(home)?.delete(id);
  };
  return {
    collect: async (enough) => {
      const homes = await effect(() => [...world.items.keys()].filter(seesHome));
      const { entries, unreadable } = await effect(() => read(homes));
      return { entries: entries.slice(0, enough.entries + 1), unreadable };
    },
    collectAt: (home) => effect(() => read([home])),
    clear: async (places) => {
      for (const place of places) await effect(() => remove(place));
    },
  };
}

function objectsOf(world: AuditLogWorld, effect: Effect): LogObjects {
  const get = (key: string) => {
    const text = world.objects.get(key);
    if (text === undefined) throw new Error(`expected the object ${key}`);
    return { text, sha256: sha256Hex(text) };
  };
  return {
    settle: async (key, text) => {
      await effect(() => {
        if (world.objects.has(key)) return;
        const named = text.matchAll(/"policy":\{"hash":"(\w+)"/g);
        for (const [, hash = ''] of named) if (!world.policies.has(hash)) world.unkept.add(hash);
        world.objects.set(key, text);
      });
      return await effect(() => get(key));
    },
    read: (key) => effect(() => get(key)),
    async *lines() {
      yield* world.lines();
    },
    async *texts() {
      for (const line of world.lines()) yield `${line}\n`;
    },
    async *objectsFrom(first) {
      const names = [...world.objects.keys()].filter((key) => firstOf(key) >= first);
      for (const key of names.toSorted((a, b) => firstOf(a) - firstOf(b))) {
        yield { first: firstOf(key), text: (await effect(() => get(key))).text };
      }
    },
  };
}

function treeOf({ tree, pointers }: AuditLogWorld, effect: Effect): TreeObjects {
  const get = (key: string) => {
    const bytes = tree.get(key);
    if (bytes === undefined) throw new Error(`expected the object ${key}`);
    return Buffer.from(bytes, 'binary');
  };
  return {
    settle: async (key, bytes) => {
      await effect(() => {
        if (!tree.has(key)) tree.set(key, Buffer.from(bytes).toString('binary'));
      });
      return get(key);
    },
    read: (key) => effect(() => get(key)),
    pointer: () =>
      effect(() => {
        const note = pointers.at(-1);
        return note === undefined ? undefined : { note, etag: String(pointers.length) };
      }),
    movePointer: (note, from) =>
      effect(() => {
        if (note === pointers.at(-1)) return 'MOVED';
        if (from?.note !== pointers.at(-1)) return 'OVERTAKEN';
        pointers.push(note);
        return 'MOVED';
      }),
  };
}

function policiesOf(world: AuditLogWorld, effect: Effect): Pick<PolicyArchive, 'keep' | 'has'> {
  return {
    keep: ({ hash }) => effect(() => void world.policies.add(hash)),
    has: (hash) => effect(() => world.policies.has(hash)),
  };
}

function outboxOf(world: AuditLogWorld, effect: Effect): LegalAlertOutbox {
  return {
    add: ({ decisionId, at }) =>
      effect(() => {
        if (!world.outbox.has(decisionId)) world.outbox.set(decisionId, { decisionId, at });
      }),
    waiting: () => effect(() => [...world.outbox.values()]),
    remove: (decisionId) => effect(() => void world.outbox.delete(decisionId)),
  };
}
