import { setTimeout as sleep } from 'node:timers/promises';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { canonicalJson } from '../../domain/canonical-json.ts';
import type { Token } from '../../domain/contact-point/token.ts';
import { ANSWER_KEPT_MS, type RecordedAnswer } from '../../domain/decision/answer.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { Entry } from '../../domain/log/entry.ts';
import { homeOf } from '../../domain/log/home.ts';
import type { CallOptions, Change, ContactPoint, ContactPoints } from '../../domain/ports.ts';
import { holdsNoFacts } from '../../domain/state/state.ts';
import { batchGet } from './batch-get.ts';
import { attributes, contactPointOf } from './item.ts';

/** The parts of the sparse indexes `pending` and `unpushed`: no one partition takes every write. */
export const SHARDS: readonly string[] = ['0', '1', '2', '3', '4', '5', '6', '7'];

const TRIES = 12;
const ANSWERS_KEPT = 20;
/** For how long an item without facts stays after nothing on it counts, so that no entry is lost before it is logged. */
const KEPT_MS = 31 * 86_400_000;

/** Contact points in DynamoDB: one item each, optimistic lock on `version`, audit entries in the same write. */
export class DynamoContactPoints implements ContactPoints {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(tokens: readonly Token[], options: CallOptions = {}): Promise<readonly ContactPoint[]> {
    const keys = [...new Set(tokens)].map((token) => attributes({ token }));
    const found = await batchGet(
      this.#client,
      { [this.#table]: { Keys: keys, ConsistentRead: true } },
      options,
    );
    const items = new Map(found.get(this.#table)?.map((item) => [item['token']?.S, item]));
    return tokens.map((token) => contactPointOf(token, items.get(token)));
  }

  async commit(change: Change, options: CallOptions = {}): Promise<'COMMITTED' | 'CONFLICT'> {
    const { from, entry } = change;
    try {
      await this.#client.send(
        new UpdateItemCommand({ TableName: this.#table, ...updateOf(change) }),
        options,
      );
      return 'COMMITTED';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // The SDK may have repeated a write whose answer was lost; then the conflict is with ourselves.
      const repeated = (error.$metadata.attempts ?? 1) > 1;
      const ours = repeated && entry !== undefined && (await this.#isWritten(from.token, entry.id));
      return ours ? 'COMMITTED' : 'CONFLICT';
    }
  }

  async change(
    token: Token,
    decide: (from: ContactPoint) => Omit<Change, 'from'> | undefined,
  ): Promise<ContactPoint> {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const [from] = await this.read([token]);
      if (from === undefined) break;
      const change = decide(from);
      if (change === undefined || (await this.commit({ ...change, from })) === 'COMMITTED') return from;
      await sleep(Math.random() * 10 * 2 ** Math.min(attempt, 6));
    }
    throw new ComplianceError({
      code: 'WRITE_CONTENTION',
      message: `expected to write within ${TRIES} tries, but other writers were faster each time; nothing was written`,
    });
  }

  async record(entry: Entry, now: number, options: CallOptions = {}): Promise<void> {
    const home = homeOf({ id: entry.id, subjects: [] });
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: attributes({ token: home }),
          UpdateExpression: 'SET pending = :pending, pendingShard = :shard, pendingSince = :now, #ttl = :ttl',
          ConditionExpression: 'attribute_not_exists(#token)',
          ExpressionAttributeNames: { '#token': 'token', '#ttl': 'ttl' },
          ExpressionAttributeValues: attributes({
            ':pending': { [entry.id]: canonicalJson(entry) },
            ':shard': shardOf(home),
            ':now': now,
            ':ttl': ttlOf(now),
          }),
        }),
        options,
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /** Whether an entry was written: it waits still, or it was the last one and is in the log already. */
  async #isWritten(token: Token, entryId: string): Promise<boolean> {
    const { Item } = await this.#client.send(
      new GetItemCommand({
        TableName: this.#table,
        Key: attributes({ token }),
        ConsistentRead: true,
        ProjectionExpression: 'pending.#entry, lastEntry',
        ExpressionAttributeNames: { '#entry': entryId },
      }),
    );
    return Item?.['lastEntry']?.S === entryId || Item?.['pending'] !== undefined;
  }
}

function updateOf(change: Change) {
  const { from, state, entry, sealed, countForMs = 0, now } = change;
  const isNew = from.version === 0;
  const keep = holdsNoFacts(state);
  const pending = entry === undefined ? undefined : canonicalJson(entry);
  const sets = [
    'version = :next, suppressions = :suppressions, consents = :consents, holds = :holds',
    'attempts = :attempts, answers = :answers',
    ...rareAttributes(state),
    ...(isNew ? ['pending = :pending'] : pending === undefined ? [] : ['pending.#entry = :pending']),
    ...(pending === undefined
      ? []
      : ['pendingShard = :shard, pendingSince = if_not_exists(pendingSince, :now), lastEntry = :entry']),
    // Diallers are told of what is said of a person, not of contacts that were allowed.
    ...(entry?.kind === 'fact'
      ? ['pushShard = :shard, pushSince = if_not_exists(pushSince, :now), pushVersion = :next']
      : []),
    ...(sealed === undefined ? [] : ['sealed = :sealed, dataKey = :dataKey']),
    ...(keep ? ['#ttl = :ttl'] : []),
  ];
  const ofEntry = entry === undefined ? {} : { [entry.id]: pending };
  return {
    Key: attributes({ token: from.token }),
    UpdateExpression: `SET ${sets.join(', ')}${lostAttributes(change)}`,
    ConditionExpression: isNew ? 'attribute_not_exists(#token)' : 'version = :version',
    ExpressionAttributeNames: {
      '#ttl': 'ttl',
      ...(isNew ? { '#token': 'token' } : {}),
      ...(isNew || entry === undefined ? {} : { '#entry': entry.id }),
    },
    ExpressionAttributeValues: attributes({
      ':next': from.version + 1,
      ':version': isNew ? undefined : from.version,
      ':suppressions': state.suppressions,
      ':consents': state.consents,
      ':holds': state.holds,
      ':attempts': state.attempts,
      ':reviews': state.reviews,
      ':events': state.events,
      ':uses': state.uses,
      ':erasedAt': state.erasedAt,
      ':answers': answersOf(change),
      ':pending': isNew ? ofEntry : pending,
      ':entry': entry?.id,
      ':shard': pending === undefined ? undefined : shardOf(from.token),
      ':now': pending === undefined ? undefined : now,
      ':sealed': sealed?.ciphertext,
      ':dataKey': sealed?.wrappedKey,
      ':ttl': keep ? ttlOf(now + countForMs) : undefined,
    }),
  };
}

/** What only contact points have of which such a thing is known. */
function rareAttributes({ reviews, events, uses, erasedAt }: Change['state']): readonly string[] {
  return [
    ...(reviews === undefined ? [] : ['reviews = :reviews']),
    ...(events === undefined ? [] : ['events = :events']),
    ...(uses === undefined ? [] : ['uses = :uses']),
    ...(erasedAt === undefined ? [] : ['erasedAt = :erasedAt']),
  ];
}

/** What must be on the item no more: the end of an item that holds facts, and what an erasure takes away. */
function lostAttributes({ from, state, destroyKey }: Change): string {
  const lost = [
    ...(holdsNoFacts(state) ? [] : ['#ttl']),
    ...(destroyKey === undefined ? [] : ['sealed', 'dataKey']),
    ...(['reviews', 'events', 'uses'] as const).filter(
      (name) => from.state[name] !== undefined && state[name] === undefined,
    ),
  ];
  return lost.length === 0 ? '' : ` REMOVE ${lost.join(', ')}`;
}

function answersOf({ from, answer, destroyKey, now }: Change): Record<string, RecordedAnswer> {
  if (destroyKey !== undefined) return {};
  const fresh = Object.entries(from.answers).filter(([, { at }]) => now - at < ANSWER_KEPT_MS);
  const added = answer === undefined ? [] : [[answer.requestKey, answer.answer] as const];
  return Object.fromEntries([
    ...fresh.toSorted((a, b) => a[1].at - b[1].at).slice(1 - ANSWERS_KEPT),
    ...added,
  ]);
}

/** Seconds since the epoch, as DynamoDB's TTL wants them. */
function ttlOf(neededUntil: number): number {
  return Math.ceil((neededUntil + KEPT_MS) / 1000);
}

function shardOf(key: string): string {
  return SHARDS[(key.codePointAt(key.length - 2) ?? 0) % SHARDS.length] ?? '0';
}
