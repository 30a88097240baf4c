import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import {
  account,
  clientsOf,
  credentials,
  manualClock,
  startLocalAws,
  temporaryFolder,
} from './local-aws-fixture.ts';

let folder: ReturnType<typeof temporaryFolder>;
let clock: ReturnType<typeof manualClock>;
let aws: LocalAws;
let client: SQSClient;

const MINUTE = 60_000;

async function start(): Promise<void> {
  aws = await startLocalAws(folder.path, { clock });
  client = clientsOf(aws.endpoint).sqs;
  const deadLetter = aws.sqs.createQueue({ QueueName: 'dead.fifo', FifoQueue: true });
  aws.sqs.createQueue({ QueueName: 'plain', VisibilityTimeout: 30, MessageRetentionPeriod: 3600 });
  aws.sqs.createQueue({
    QueueName: 'orders.fifo',
    FifoQueue: true,
    ContentBasedDeduplication: true,
    VisibilityTimeout: 30,
    RedrivePolicy: { deadLetterTargetArn: deadLetter.arn, maxReceiveCount: 2 },
  });
  aws.sqs.createQueue({ QueueName: 'explicit.fifo', FifoQueue: true });
}

beforeEach(async () => {
  folder = temporaryFolder();
  clock = manualClock();
  await start();
});
afterEach(async () => {
  await aws.close();
  folder.remove();
});

const url = (name: string) => aws.sqs.queueByName(name)?.url ?? '';

function send(queue: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) {
  return client.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody, ...more }));
}
const sendTo = (group: string, body: string) => send('orders.fifo', body, { MessageGroupId: group });

async function receive(queue: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const input = { QueueUrl: url(queue), MaxNumberOfMessages: 10, ...more };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}
const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

function remove(queue: string, { ReceiptHandle }: Message) {
  return client.send(new DeleteMessageCommand({ QueueUrl: url(queue), ReceiptHandle }));
}

async function counts(queue: string): Promise<string> {
  const AttributeNames: 'All'[] = ['All'];
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url(queue), AttributeNames }),
  );
  return [
    Attributes['ApproximateNumberOfMessages'],
    Attributes['ApproximateNumberOfMessagesNotVisible'],
    Attributes['ApproximateNumberOfMessagesDelayed'],
  ].join(' ');
}

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

describe('a restart', () => {
  test('keeps messages, order, receipts, receive counts and deduplication', async () => {
    await sendTo('a', 'a1');
    await sendTo('a', 'a2');
    await send('plain', 'delayed', { DelaySeconds: 60 });
    const [held] = await receive('orders.fifo', { MaxNumberOfMessages: 1 });
    await aws.close();
    await start();
    expect(await counts('plain')).toBe('0 0 1');
    expect(await receive('orders.fifo')).toEqual([]);
    await sendTo('b', 'a1');
    expect(await counts('orders.fifo')).toBe('1 1 0');
    await remove('orders.fifo', held ?? {});
    expect(bodies(await receive('orders.fifo'))).toEqual(['a2']);
    await aws.close();
    await start();
    clock.advance(30_000);
    const [again] = await receive('orders.fifo', {
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(again).toMatchObject({ Body: 'a2', Attributes: { ApproximateReceiveCount: '2' } });
  });

  test('cuts off a line that was never finished and refuses one that is damaged', async () => {
    await send('plain', 'kept');
    await aws.close();
    const path = join(folder.path, 'sqs.ndjson');
    appendFileSync(path, '{"kind":"sent","queue":"pl');
    await start();
    expect(await counts('plain')).toBe('1 0 0');
    await aws.close();
    const intact = readFileSync(path, 'utf8');
    writeFileSync(path, `{"kind":\n${intact}`);
    await expect(startLocalAws(folder.path)).rejects.toThrow('damaged');
    writeFileSync(path, intact);
    await start();
  });

  test('a killed process loses nothing that it had acknowledged', async () => {
    const own = temporaryFolder();
    const values = [own.path, account.region, account.accountId, ...Object.values(credentials)];
    const host = spawn(process.execPath, [join(import.meta.dirname, 'sqs-host.ts'), ...values]);
    const [endpoint] = await new Promise<string[]>((resolve) => {
      createInterface(host.stdout).once('line', (line) => resolve([line]));
    });
    const { sqs } = clientsOf(endpoint ?? '');
    const QueueUrl = `${endpoint}/${account.accountId}/survivor`;
    const acknowledged: string[] = [];
    const senders = Array.from({ length: 4 }, async (_, sender) => {
      for (let index = 0; ; index += 1) {
        const MessageBody = `${sender}-${index}`;
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
        acknowledged.push(MessageBody);
        if (acknowledged.length === 200) host.kill('SIGKILL');
      }
    });
    await Promise.allSettled(senders);
    const survived = await startLocalAws(own.path);
    const queue = survived.sqs.createQueue({ QueueName: 'survivor' });
    const found = new Set<string>();
    for (;;) {
      const messages = await queue.receive({ max: 10, waitMs: 0 });
      if (messages.length === 0) break;
      for (const { body } of messages) found.add(body);
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(200);
    expect(acknowledged.filter((body) => !found.has(body))).toEqual([]);
    await survived.close();
    own.remove();
  });
});
