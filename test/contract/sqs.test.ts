import { createHash } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { account } from './local-aws-fixture.ts';
import { aws, bodies, client, clock, counts, MINUTE, receive, remove, send, url } from './sqs-fixture.ts';

describe('a standard queue', () => {
  test('delivers what was sent, with attributes and digests that the SDK accepts', async () => {
    const sent = await send('plain', 'héllo', {
      MessageAttributes: {
        kind: { DataType: 'String', StringValue: 'opt-out' },
        raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
      },
    });
    expect(sent.MD5OfMessageBody).toBe(createHash('md5').update('héllo').digest('hex'));
    const [message] = await receive('plain', {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'héllo',
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(clock.now()) },
      MessageAttributes: { kind: { StringValue: 'opt-out' }, raw: { BinaryValue: new Uint8Array([1, 2]) } },
    });
    expect(message?.Attributes).not.toHaveProperty('SequenceNumber');
  });

  // The digest was computed beforehand by the algorithm's description, apart from this code.
  test('computes the digest of message attributes as documented', async () => {
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    const { MD5OfMessageAttributes } = await send('plain', 'x', { MessageAttributes });
    const bytes = Buffer.from('000000016100000006537472696e67010000000162', 'hex');
    expect(MD5OfMessageAttributes).toBe(createHash('md5').update(bytes).digest('hex'));
  });

  test('hides a received message until its visibility timeout, and counts its receives', async () => {
    await send('plain', 'one');
    await receive('plain');
    expect(await counts('plain')).toBe('0 1 0');
    clock.advance(29_999);
    expect(await receive('plain')).toEqual([]);
    clock.advance(1);
    const [again] = await receive('plain', { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  test('deletes with the latest receipt handle only', async () => {
    await send('plain', 'one');
    const [first] = await receive('plain', { VisibilityTimeout: 0 });
    const [second] = await receive('plain');
    await remove('plain', first ?? {});
    expect(await counts('plain')).toBe('0 1 0');
    await remove('plain', second ?? {});
    expect(await counts('plain')).toBe('0 0 0');
    await remove('plain', second ?? {});
    await expect(remove('plain', { ReceiptHandle: 'nonsense' })).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
  });

  test('changes the visibility of what is in flight, and of nothing else', async () => {
    await send('plain', 'one');
    const [message] = await receive('plain');
    const change = (VisibilityTimeout: number) =>
      client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url('plain'),
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(0);
    expect(await counts('plain')).toBe('1 0 0');
    await expect(change(5)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  test('delays a message for as long as it is told', async () => {
    await send('plain', 'later', { DelaySeconds: 60 });
    expect(await counts('plain')).toBe('0 0 1');
    clock.advance(MINUTE);
    expect(bodies(await receive('plain'))).toEqual(['later']);
  });

  test('drops messages older than the retention period', async () => {
    await send('plain', 'old');
    clock.advance(59 * MINUTE);
    await send('plain', 'young');
    clock.advance(MINUTE);
    expect(bodies(await receive('plain'))).toEqual(['young']);
  });

  test('a long poll is answered when a message is sent, and empty when its time is over', async () => {
    const waiting = receive('plain', { WaitTimeSeconds: 20 });
    await send('plain', 'now');
    expect(bodies(await waiting)).toEqual(['now']);
    await client.send(new PurgeQueueCommand({ QueueUrl: url('plain') }));
    const empty = receive('plain', { WaitTimeSeconds: 20 });
    // Repeated, as nothing tells when the request has reached the queue.
    const hurry = setInterval(() => clock.advance(20_000), 20);
    expect(await empty.finally(() => clearInterval(hurry))).toEqual([]);
  });

  test('a long poll is answered when a message becomes visible again', async () => {
    await send('plain', 'again');
    await receive('plain', { VisibilityTimeout: 10 });
    const waiting = receive('plain', { WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(10_000);
    expect(bodies(await waiting)).toEqual(['again']);
  });

  test('a client that hung up takes no message with it', async () => {
    const abort = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl: url('plain'), WaitTimeSeconds: 20 });
    const waiting = client.send(command, { abortSignal: abort.signal });
    await new Promise((resolve) => setTimeout(resolve, 50));
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await send('plain', 'kept');
    expect(await counts('plain')).toBe('1 0 0');
  });
});

describe('batches', () => {
  test('report what succeeded beside what failed', async () => {
    const { Successful, Failed } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url('plain'),
        Entries: [
          { Id: 'a', MessageBody: 'one' },
          { Id: 'b', MessageBody: 'bad \u0000' },
          { Id: 'c', MessageBody: 'three' },
        ],
      }),
    );
    expect(Successful?.map(({ Id }) => Id)).toEqual(['a', 'c']);
    expect(Failed).toEqual([
      { Id: 'b', SenderFault: true, Code: 'InvalidMessageContents', Message: expect.any(String) },
    ]);
    const messages = await receive('plain');
    const QueueUrl = url('plain');
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: `m${index}`, ReceiptHandle }));
    const changed = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: Entries.map((entry) => ({ ...entry, VisibilityTimeout: 40 })),
      }),
    );
    expect(changed.Successful).toHaveLength(2);
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: [...Entries, { Id: 'no', ReceiptHandle: 'no' }] }),
    );
    expect(deleted.Successful).toHaveLength(2);
    expect(deleted.Failed).toMatchObject([{ Id: 'no', Code: 'ReceiptHandleIsInvalid' }]);
    expect(await counts('plain')).toBe('0 0 0');
  });

  test.each([
    ['EmptyBatchRequest', []],
    ['BatchEntryIdsNotDistinct', ['a', 'a']],
    ['InvalidBatchEntryId', ['a b']],
    ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, index) => `e${index}`)],
  ])('%s', async (name, ids) => {
    const Entries = ids.map((Id) => ({ Id, MessageBody: 'x' }));
    const call = client.send(new SendMessageBatchCommand({ QueueUrl: url('plain'), Entries }));
    await expect(call).rejects.toMatchObject({ name });
  });
});

describe('the list of queues', () => {
  test('finds queues by name and tells what does not exist', async () => {
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'plain' }));
    expect(found.QueueUrl).toBe(`${aws.endpoint}/${account.accountId}/plain`);
    const { QueueUrls } = await client.send(new ListQueuesCommand({ QueueNamePrefix: 'o' }));
    expect(QueueUrls).toEqual([url('orders.fifo')]);
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  test('purges a queue', async () => {
    await send('plain', 'one');
    await client.send(new PurgeQueueCommand({ QueueUrl: url('plain') }));
    expect(await counts('plain')).toBe('0 0 0');
  });
});
