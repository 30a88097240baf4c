import { describe, expect, it } from 'vitest';
import { CHANGES_PER_MESSAGE, laneOf, messagesOf, onceEach } from '../../../../lib/domain/dialler/changes.ts';
import { shardOf } from '../../../../lib/domain/dialler/shard.ts';
import { PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const TOKENS = Array.from({ length: 3000 }, (_, n) => tokenOfNumber(`+1212${String(2_000_000 + n)}`, PEPPER));
const CHANGES = TOKENS.map((token, n) => ({ token, since: 1000 + n }));

describe('messages to a dialler', () => {
  it('carry every change once, each in the lane of its contact point, none too large', () => {
    const messages = messagesOf([...CHANGES, ...CHANGES.slice(0, 50)]);
    const sent = messages.flatMap(({ changes }) => changes);
    expect(sent.toSorted((a, b) => a.since - b.since)).toEqual(CHANGES);
    for (const { lane, changes } of messages) {
      expect(changes.length).toBeLessThanOrEqual(CHANGES_PER_MESSAGE);
      for (const { token } of changes) expect(laneOf(token)).toBe(lane);
    }
    expect(new Set(messages.map(({ lane }) => lane)).size).toBe(4);
  });

  it('say since when a contact point waits, however often it changed', () => {
    const [first, second] = TOKENS;
    if (first === undefined || second === undefined) throw new Error('expected tokens');
    const changes = [
      { token: first, since: 30 },
      { token: second, since: 20 },
      { token: first, since: 10 },
    ];
    expect(onceEach(changes)).toEqual([
      { token: first, since: 10 },
      { token: second, since: 20 },
    ]);
  });
});

describe('shards of a list', () => {
  const spread = (ids: readonly string[]) => TOKENS.map((token) => shardOf(token, ids));

  it('are filled evenly, and by the contact point alone', () => {
    const shards = spread(['a', 'b', 'c']);
    expect(shards).toEqual(spread(['c', 'a', 'b']));
    for (const id of ['a', 'b', 'c']) {
      expect(shards.filter((shard) => shard === id).length).toBeGreaterThan(TOKENS.length / 4);
    }
  });

  it('give a further one its share and leave all others where they are', () => {
    const before = spread(['a', 'b', 'c']);
    const after = spread(['a', 'b', 'c', 'd']);
    const moved = after.filter((shard, n) => shard !== before[n]);
    expect(new Set(moved)).toEqual(new Set(['d']));
    expect(moved.length).toBeLessThan(TOKENS.length / 3);
  });

  it('are none without an id', () => {
    expect(spread([])).toEqual(TOKENS.map(() => undefined));
  });
});
