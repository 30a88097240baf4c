import { describe, expect, test } from 'vitest';
import {
  type Answer,
  answer,
  aws,
  batchesOf,
  clock,
  failing,
  failure,
  first,
  givenUp,
  hurry,
  idsOf,
  map,
  putAll,
  type Received,
  second,
  undelivered,
} from './dynamodb-streams-fixture.ts';

const REPORTING = { FunctionResponseTypes: ['ReportBatchItemFailures'] };
const toUndelivered = () => ({ DestinationConfig: { OnFailure: { Destination: undelivered.arn } } });
// One batch of all: the window ends with the last record.
const together = (BatchSize: number) => ({ BatchSize, MaximumBatchingWindowInSeconds: 60 });

/** The batches that a function gets that answers so, in the order of its calls. */
function calls(
  run: (records: Received[]) => Answer,
  properties: Readonly<Record<string, unknown>>,
): string[][] {
  const batches: string[][] = [];
  map(
    first,
    (records) => {
      batches.push(idsOf(records));
      return run(records);
    },
    properties,
  );
  return batches;
}

describe('a batch of a stream that failed', () => {
  test.each<readonly [string, () => Answer]>([
    ['an error', () => failure],
    ['a report that is not understood', () => answer('ok')],
    [
      'a call that does not come through',
      () => {
        throw new Error('down');
      },
    ],
  ])('is tried again whole, and before what came later, after %s', async (_name, fail) => {
    let left = 2;
    const run = () => {
      left -= 1;
      return left >= 0 ? fail() : answer({});
    };
    const batches = calls(run, { ...REPORTING, ...together(2) });
    await putAll(['1', '2', '3', '4']);
    await expect.poll(() => hurry(() => batches.length)).toBe(4);
    expect(batches).toEqual([
      ['1', '2'],
      ['1', '2'],
      ['1', '2'],
      ['3', '4'],
    ]);
  });

  test('is tried again from the lowest sequence number that is reported', async () => {
    let left = 1;
    const run = (records: Received[]) => {
      left -= 1;
      return failing(records, left >= 0 ? ['4', '2'] : []);
    };
    const batches = calls(run, { ...REPORTING, ...together(4) });
    await putAll(['1', '2', '3', '4']);
    await expect.poll(() => hurry(() => batches.length)).toBe(2);
    expect(batches).toEqual([
      ['1', '2', '3', '4'],
      ['2', '3', '4'],
    ]);
  });

  test('is done where reports were not asked for', async () => {
    const batches = calls((records) => failing(records, ['1']), together(1));
    await putAll(['1', '2']);
    await expect.poll(() => batches).toEqual([['1'], ['2']]);
  });

  test('goes to the queue, without what is in it, once its retries are used up; the rest goes on', async () => {
    const requestIds: string[] = [];
    const arrival = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    const numbers: string[] = [];
    map(
      first,
      (records, _payload, requestId) => {
        requestIds.push(requestId);
        if (idsOf(records).includes('good')) return answer(null);
        numbers.splice(0, 2, ...records.map((record) => record.dynamodb.SequenceNumber));
        return failure;
      },
      { ...together(2), ...toUndelivered(), MaximumRetryAttempts: 2 },
    );
    await putAll(['bad', 'worse', 'good', 'fine']);
    await expect.poll(() => hurry(() => requestIds.length)).toBe(4);
    const now = new Date(clock.now()).getTime();
    const [message, ...others] = await givenUp();
    expect(others).toEqual([]);
    expect(message).toEqual({
      requestContext: {
        requestId: requestIds[2],
        functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:reader',
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-\d{20}-\d{8}$/),
        startSequenceNumber: numbers[0],
        endSequenceNumber: numbers[1],
        approximateArrivalOfFirstRecord: arrival,
        approximateArrivalOfLastRecord: arrival,
        batchSize: 2,
        streamArn: first.arn,
      },
    });
    expect(Date.parse(message.timestamp)).toBeLessThanOrEqual(now);
    expect(JSON.stringify(message)).not.toContain('bad');
  });

  test('goes nowhere without a destination, and holds nothing up', async () => {
    const batches = calls(() => failure, { ...together(1), MaximumRetryAttempts: 0 });
    await putAll(['1', '2']);
    await expect.poll(() => batches).toEqual([['1'], ['2']]);
    expect(await givenUp()).toEqual([]);
  });

  test('is halved until the record that fails is alone; halving costs no retry', async () => {
    const run = (records: Received[]) => (idsOf(records).includes('3') ? failure : answer(null));
    const properties = { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, ...toUndelivered() };
    const batches = calls(run, { ...together(5), ...properties });
    await putAll(['1', '2', '3', '4', '5']);
    await expect.poll(() => hurry(() => batches.length)).toBe(6);
    expect(batches).toEqual([
      ['1', '2', '3', '4', '5'],
      ['1', '2', '3'],
      ['1', '2'],
      ['3'],
      ['3'],
      ['4', '5'],
    ]);
    const lost = await givenUp();
    expect(lost.map(({ DDBStreamBatchInfo }) => DDBStreamBatchInfo.batchSize)).toEqual([1]);
    expect(lost[0].requestContext.approximateInvokeCount).toBe(2);
  });

  test('is split where a report says, and then halved', async () => {
    const properties = { BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0, ...toUndelivered() };
    const batches = calls((records) => failing(records, ['2']), {
      ...REPORTING,
      ...together(4),
      ...properties,
    });
    await putAll(['1', '2', '3', '4']);
    await expect.poll(() => batches).toHaveLength(6);
    expect(batches).toEqual([['1', '2', '3', '4'], ['2', '3', '4'], ['2', '3'], ['2'], ['3'], ['4']]);
    const [lost] = await givenUp();
    expect(lost.DDBStreamBatchInfo.batchSize).toBe(1);
    expect(lost.responseContext).toEqual({ statusCode: 200, executedVersion: '$LATEST' });
  });

  test('holds up no other table, and does not keep the stack from closing', async () => {
    const failed = calls(() => failure, together(1));
    const others = batchesOf(second);
    await putAll(['1']);
    await putAll(['a', 'b'], 'second');
    await expect.poll(() => others.flat()).toEqual(['a', 'b']);
    await expect.poll(() => hurry(() => failed.length)).toBeGreaterThan(3);
  });

  test('is left where the stack closes meanwhile', async () => {
    const open: ((answer: Answer) => void)[] = [];
    const run = () => new Promise<Answer>((resolve) => void open.push(resolve));
    const mapping = map(first, run, { MaximumRetryAttempts: 5, ...toUndelivered() });
    await putAll(['1']);
    await expect.poll(() => open.length).toBe(1);
    const closing = mapping.close();
    open[0]?.(failure);
    await closing;
    expect(open).toHaveLength(1);
    expect(await givenUp()).toEqual([]);
  });
});

describe('a mapping on a stream that is not understood', () => {
  const filters = (...Patterns: string[]) => ({
    FilterCriteria: { Filters: Patterns.map((Pattern) => ({ Pattern })) },
  });
  test.each<readonly [string, Readonly<Record<string, unknown>>, string]>([
    ['from the trim horizon', { StartingPosition: 'TRIM_HORIZON' }, 'LATEST'],
    ['from nowhere', { StartingPosition: undefined }, 'LATEST'],
    ['several batches at once', { ParallelizationFactor: 2 }, 'ParallelizationFactor'],
    ['a property of queues', { ScalingConfig: { MaximumConcurrency: 2 } }, 'ScalingConfig'],
    ['too large a batch', { BatchSize: 10_001 }, 'BatchSize'],
    ['six filters', filters(...Array(6).fill('{"dynamodb":{"Keys":{"id":{"S":["a"]}}}}')), 'Filters'],
    ['an operator that does not exist', filters('{"dynamodb":{"Keys":{"id":{"S":[{"near":"a"}]}}}}'), 'near'],
    ['a filter that is no JSON', filters('{'), 'JSON'],
    [
      'a destination that does not exist',
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:eu-central-1:000000000000:none' } } },
      'first: what fails of its stream goes to a standard queue, and arn:aws:sqs:eu-central-1:000000000000:none is none.',
    ],
  ])('is refused: %s', (_name, properties, said) => {
    expect(() => map(first, () => answer(null), properties)).toThrow(said);
  });

  test('is refused: a FIFO queue as its destination', () => {
    const { arn } = aws.sqs.createQueue({ QueueName: 'lost.fifo', FifoQueue: true });
    const properties = { DestinationConfig: { OnFailure: { Destination: arn } } };
    expect(() => map(first, () => answer(null), properties)).toThrow('standard queue');
  });

  test('may say that it takes one batch at a time', async () => {
    const batches = batchesOf(first, { ParallelizationFactor: 1 });
    await putAll(['1']);
    await expect.poll(() => batches).toEqual([['1']]);
  });
});
