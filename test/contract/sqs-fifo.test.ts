import { createHash } from 'node:crypto';
import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { account } from './local-aws-fixture.ts';
import { bodies, client, clock, counts, MINUTE, receive, remove, send, sendTo, url } from './sqs-fixture.ts';

describe('a FIFO queue', () => {
  test('keeps the order of a group and gives several of it in one receive', async () => {
    for (const body of ['a1', 'a2', 'a3']) await sendTo('a', body);
    const messages = await receive('orders.fifo', { MessageSystemAttributeNames: ['All'] });
    expect(bodies(messages)).toEqual(['a1', 'a2', 'a3']);
    const sequences = messages.map(({ Attributes }) => Attributes?.['SequenceNumber'] ?? '');
    expect([...sequences].sort()).toEqual(sequences);
    expect(messages[0]?.Attributes).toMatchObject({
      MessageGroupId: 'a',
      MessageDeduplicationId: createHash('sha256').update('a1').digest('hex'),
    });
  });

  test('gives nothing of a group while one of it is in flight; other groups go on', async () => {
    for (const body of ['a1', 'a2']) await sendTo('a', body);
    const [first] = await receive('orders.fifo', { MaxNumberOfMessages: 1 });
    await sendTo('b', 'b1');
    expect(bodies(await receive('orders.fifo'))).toEqual(['b1']);
    await remove('orders.fifo', first ?? {});
    expect(bodies(await receive('orders.fifo'))).toEqual(['a2']);
  });

  test('a group stays closed while a later message of it is in flight', async () => {
    for (const body of ['a1', 'a2']) await sendTo('a', body);
    const [first] = await receive('orders.fifo');
    const change = {
      QueueUrl: url('orders.fifo'),
      ReceiptHandle: first?.ReceiptHandle,
      VisibilityTimeout: 0,
    };
    await client.send(new ChangeMessageVisibilityCommand(change));
    expect(await receive('orders.fifo')).toEqual([]);
  });

  test('deleting the message in flight wakes whoever waits for the group', async () => {
    for (const body of ['a1', 'a2']) await sendTo('a', body);
    const [first] = await receive('orders.fifo', { MaxNumberOfMessages: 1 });
    const waiting = receive('orders.fifo', { WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await remove('orders.fifo', first ?? {});
    expect(bodies(await waiting)).toEqual(['a2']);
  });

  test('a duplicate within five minutes is accepted and not delivered, also by content', async () => {
    const first = await sendTo('a', 'same');
    clock.advance(5 * MINUTE - 1);
    const second = await sendTo('b', 'same');
    expect(second).toMatchObject({ MessageId: first.MessageId, SequenceNumber: first.SequenceNumber });
    expect(await counts('orders.fifo')).toBe('1 0 0');
    clock.advance(1);
    await sendTo('a', 'same');
    expect(await counts('orders.fifo')).toBe('2 0 0');
  });

  test('a duplicate is recognised after the first was deleted, and by an id given', async () => {
    const dedup = { MessageGroupId: 'a', MessageDeduplicationId: 'one' };
    await send('explicit.fifo', 'first', dedup);
    const [message] = await receive('explicit.fifo');
    await remove('explicit.fifo', message ?? {});
    await send('explicit.fifo', 'other body', dedup);
    expect(await counts('explicit.fifo')).toBe('0 0 0');
  });

  test('a message received too often goes to the dead-letter queue, and the group goes on', async () => {
    await sendTo('a', 'poison');
    await sendTo('a', 'fine');
    for (let round = 0; round < 2; round += 1) {
      expect(bodies(await receive('orders.fifo', { MaxNumberOfMessages: 1 }))).toEqual(['poison']);
      clock.advance(30_000);
    }
    expect(bodies(await receive('orders.fifo'))).toEqual(['fine']);
    const [dead] = await receive('dead.fifo', { MessageSystemAttributeNames: ['All'] });
    expect(dead).toMatchObject({
      Body: 'poison',
      Attributes: {
        ApproximateReceiveCount: '1',
        DeadLetterQueueSourceArn: `arn:aws:sqs:${account.region}:${account.accountId}:orders.fifo`,
        MessageGroupId: 'a',
      },
    });
  });

  test.each([
    ['without a group', 'orders.fifo', {}, 'MissingParameter'],
    [
      'without an id or content-based deduplication',
      'explicit.fifo',
      { MessageGroupId: 'a' },
      'InvalidParameterValue',
    ],
    [
      'with a delay of its own',
      'orders.fifo',
      { MessageGroupId: 'a', DelaySeconds: 5 },
      'InvalidParameterValue',
    ],
    ['too long', 'plain', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
    [
      'with a deduplication id on a standard queue',
      'plain',
      { MessageDeduplicationId: 'x' },
      'InvalidParameterValue',
    ],
  ])('refuses a message %s', async (_name, queue, more, name) => {
    await expect(send(queue, 'x', more)).rejects.toMatchObject({ name });
    expect(await counts(queue)).toBe('0 0 0');
  });

  test('an expired receipt handle deletes nothing', async () => {
    await sendTo('a', 'one');
    const [message] = await receive('orders.fifo');
    clock.advance(30_000);
    await expect(remove('orders.fifo', message ?? {})).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    expect(await counts('orders.fifo')).toBe('1 0 0');
  });
});
