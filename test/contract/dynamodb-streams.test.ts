import { BatchWriteItemCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import {
  answer,
  aws,
  batchesOf,
  clock,
  dynamodb,
  first,
  idsOf,
  increment,
  map,
  put,
  putAll,
  type Received,
  second,
  streamOf,
} from './dynamodb-streams-fixture.ts';

/** Every record of the first table from now on. */
function recordsOf(stream = first): Received[] {
  const records: Received[] = [];
  map(stream, (batch) => {
    records.push(...batch);
    return answer(null);
  });
  return records;
}
const remove = (id: string) =>
  dynamodb.send(new DeleteItemCommand({ TableName: 'first', Key: { id: { S: id } } }));
const namesOf = (records: readonly Received[]) =>
  records.map(({ eventName, dynamodb: { Keys } }) => `${eventName} ${Keys.id.S}`);

describe('a stream of a table', () => {
  test('tells what was put, changed and deleted, as AWS does', async () => {
    const records = recordsOf();
    await put('a', { colour: { S: 'red' } });
    await increment('a');
    await remove('a');
    await expect.poll(() => records.length).toBe(3);
    const common = {
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-central-1',
      eventSourceARN: 'arn:aws:dynamodb:eu-central-1:000000000000:table/first/stream/local',
    };
    const change = {
      ApproximateCreationDateTime: Math.floor(clock.now() / 1000),
      Keys: { id: { S: 'a' } },
      SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
      SizeBytes: expect.any(Number),
      StreamViewType: 'NEW_IMAGE',
    };
    const NewImage = { id: { S: 'a' }, colour: { S: 'red' } };
    expect(records).toEqual([
      { ...common, eventName: 'INSERT', dynamodb: { ...change, NewImage } },
      { ...common, eventName: 'MODIFY', dynamodb: { ...change, NewImage: { ...NewImage, n: { N: '1' } } } },
      { ...common, eventName: 'REMOVE', dynamodb: change },
    ]);
  });

  test('has the images of an item in the order of its writes, however many come at once', async () => {
    const records = recordsOf();
    const times = Array.from({ length: 30 }, (_, n) => n + 1);
    await Promise.all(times.flatMap(() => [increment('a'), increment('b')]));
    await expect.poll(() => records.length).toBe(60);
    for (const id of ['a', 'b']) {
      const ofItem = records.filter(({ dynamodb: { Keys } }) => Keys.id.S === id);
      expect(ofItem.map((record) => Number(record.dynamodb.NewImage?.['n']?.N))).toEqual(times);
      expect(ofItem.map(({ eventName }) => eventName)).toEqual(['INSERT', ...Array(29).fill('MODIFY')]);
    }
    const numbers = records.map((record) => record.dynamodb.SequenceNumber);
    expect(numbers).toEqual([...new Set(numbers)].sort());
  });

  test('tells nothing of writes that change nothing or are refused', async () => {
    const records = recordsOf();
    await put('a', { colour: { S: 'red' } });
    await put('a', { colour: { S: 'red' } });
    await expect(increment('a', 'attribute_exists(nothing)')).rejects.toThrow(
      'The conditional request failed',
    );
    await remove('unknown');
    const Item = { other: { S: 'no key' } };
    await expect(dynamodb.send(new PutItemCommand({ TableName: 'first', Item }))).rejects.toThrow('key');
    await put('a', {}, 'without');
    await put('last');
    await expect.poll(() => namesOf(records)).toEqual(['INSERT a', 'INSERT last']);
  });

  test('tells each write of a batch that it is about', async () => {
    await putAll(['old', 'gone']);
    const [records, ofSecond] = [recordsOf(), recordsOf(second)];
    const put = (id: string) => ({ PutRequest: { Item: { id: { S: id }, in: { S: 'batch' } } } });
    const gone = { DeleteRequest: { Key: { id: { S: 'gone' } } } };
    const RequestItems = {
      first: [put('new'), put('old'), gone],
      second: [put('other')],
      without: [put('x')],
    };
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    await expect.poll(() => namesOf(records)).toEqual(['INSERT new', 'MODIFY old', 'REMOVE gone']);
    await expect.poll(() => namesOf(ofSecond)).toEqual(['INSERT other']);
  });

  test('begins with what comes after the mapping, and ends with it', async () => {
    await put('before');
    const handed: string[] = [];
    const mapAs = (name: string, Enabled = true) =>
      map(
        first,
        (records) => {
          handed.push(...namesOf(records).map((one) => `${name}: ${one}`));
          return answer(null);
        },
        { Enabled },
      );
    await mapAs('closed').close();
    mapAs('disabled', false);
    mapAs('open');
    await put('after');
    await expect.poll(() => handed).toEqual(['open: INSERT after']);
  });

  test('is of one view type', () => {
    expect(() => streamOf('without', 'NEW_AND_OLD_IMAGES')).toThrow(
      'without: the local stack has streams of NEW_IMAGE, not of NEW_AND_OLD_IMAGES.',
    );
    expect(aws.streams.streamByArn(first.arn)).toBe(first);
    expect(aws.streams.streamByArn(second.arn.replace('second', 'without'))).toBeUndefined();
  });
});

describe('a mapping on a stream', () => {
  test('hands over batches in order, one at a time', async () => {
    const batches: string[][] = [];
    const open: (() => void)[] = [];
    map(
      first,
      async (records) => {
        batches.push(idsOf(records));
        await new Promise<void>((done) => void open.push(done));
        return answer(null);
      },
      { BatchSize: 3 },
    );
    await putAll(['1', '2', '3', '4', '5', '6']);
    for (let n = 1; n <= 3; n += 1) {
      await expect.poll(() => open.length).toBe(n);
      expect(batches).toHaveLength(n);
      open[n - 1]?.();
    }
    expect(batches).toEqual([['1'], ['2', '3', '4'], ['5', '6']]);
  });

  test('collects a batch until it is full or the window is over', async () => {
    const batches = batchesOf(first, { BatchSize: 3, MaximumBatchingWindowInSeconds: 60 });
    await putAll(['1', '2']);
    clock.advance(59_999);
    await put('3');
    await expect.poll(() => batches).toEqual([['1', '2', '3']]);
    await putAll(['4', '5']);
    clock.advance(59_999);
    expect(batches).toHaveLength(1);
    clock.advance(1);
    await expect
      .poll(() => batches)
      .toEqual([
        ['1', '2', '3'],
        ['4', '5'],
      ]);
  });

  test('keeps a batch to what an invocation may hold', async () => {
    const batches = batchesOf(first, { MaximumBatchingWindowInSeconds: 60 });
    const big = { text: { S: 'x'.repeat(390_000) } };
    const ids = Array.from({ length: 16 }, (_, n) => String(n));
    for (const id of ids) await put(id, big);
    await expect.poll(() => batches).toEqual([ids.slice(0, 15)]);
    clock.advance(60_000);
    await expect.poll(() => batches[1]).toEqual(ids.slice(15));
  });

  test('lets through what any of its filters matches', async () => {
    const pattern = (dynamodb: object) => ({ Pattern: JSON.stringify({ dynamodb }) });
    const Filters = [
      pattern({ NewImage: { pushShard: { S: [{ exists: true }] } } }),
      pattern({ Keys: { id: { S: [{ prefix: 'special-' }] } } }),
    ];
    const batches = batchesOf(first, { FilterCriteria: { Filters } });
    await put('marked', { pushShard: { S: '7' } });
    await put('plain');
    await put('special-one');
    await put('marked');
    await remove('marked');
    await put('last', { pushShard: { S: '7' } });
    await expect.poll(() => batches.flat()).toEqual(['marked', 'special-one', 'last']);
  });
});
