import {
  type EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Dropped } from '../../lib/local/event-bridge/deliveries.ts';
import { objectCreatedEvent } from '../../lib/local/event-bridge/event.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import type { Queue } from '../../lib/local/sqs/queue.ts';
import { account, clientsOf, manualClock, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

let folder: ReturnType<typeof temporaryFolder>;
let clock: ReturnType<typeof manualClock>;
let aws: LocalAws;
let client: EventBridgeClient;
let queue: Queue;
let dropped: Dropped[];

const PARTNER_BUS = 'aws.partner/genesys.com/cloud/org-1/suffix-1';
const DETAIL_TYPE = 'v2.detail.events.conversation.{id}.acw';

async function start(): Promise<void> {
  dropped = [];
  aws = await startLocalAws(folder.path, {
    clock,
    hooks: { onDroppedEvent: (event) => void dropped.push(event) },
  });
  client = clientsOf(aws.endpoint).events;
  queue = aws.sqs.createQueue({ QueueName: 'events.fifo', FifoQueue: true, ContentBasedDeduplication: true });
  aws.eventBridge.createBus(PARTNER_BUS);
}

beforeEach(async () => {
  folder = temporaryFolder();
  clock = manualClock(Date.parse('2026-11-22T10:00:00.500Z'));
  await start();
});
afterEach(async () => {
  await aws.close();
  folder.remove();
});

async function put(...Entries: PutEventsRequestEntry[]) {
  return client.send(new PutEventsCommand({ Entries }));
}
const entry = (more: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  Source: PARTNER_BUS,
  DetailType: DETAIL_TYPE,
  Detail: '{"conversationId":"c-1","big":12345678901234567890}',
  EventBusName: PARTNER_BUS,
  ...more,
});
const rule = (more: object = {}) =>
  aws.eventBridge.putRule({
    Name: 'opt-outs',
    EventBusName: PARTNER_BUS,
    EventPattern: { source: [{ prefix: 'aws.partner/genesys.com' }], 'detail-type': [DETAIL_TYPE] },
    Targets: [{ Id: 'queue', Arn: queue.arn, SqsParameters: { MessageGroupId: 'events' } }],
    ...more,
  });
const received = async (from = queue) =>
  (await from.receive({ max: 10, waitMs: 0 })).map(({ body }) => JSON.parse(body));

describe('PutEvents', () => {
  test('sends the event in its envelope to the targets of the rules that match', async () => {
    rule();
    const { Entries, FailedEntryCount } = await put(entry({ Resources: ['r'] }));
    expect(FailedEntryCount).toBe(0);
    const [message] = await queue.receive({ max: 10, waitMs: 0 });
    expect(message?.groupId).toBe('events');
    expect(JSON.parse(message?.body ?? '')).toEqual({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': DETAIL_TYPE,
      source: PARTNER_BUS,
      account: account.accountId,
      time: '2026-11-22T10:00:00Z',
      region: account.region,
      resources: ['r'],
      detail: { conversationId: 'c-1', big: expect.any(Number) },
    });
    expect(message?.body).toContain('"big":12345678901234567890}');
  });

  test('keeps the time given, and the order of the entries', async () => {
    rule();
    const Time = new Date('2020-01-02T03:04:05Z');
    await put(entry({ Time }), entry({ Detail: '{"n":2}' }), entry({ Detail: '{"n":3}' }));
    const events = await received();
    expect(events.map(({ detail }) => detail.n)).toEqual([undefined, 2, 3]);
    expect(events[0]?.time).toBe('2020-01-02T03:04:05Z');
  });

  test('sends nothing where no rule matches, a rule is disabled, or the bus is another', async () => {
    rule();
    rule({ Name: 'off', State: 'DISABLED', EventPattern: { source: ['other'] } });
    await put(entry({ DetailType: 'other' }), entry({ Source: 'other' }), entry({ EventBusName: 'default' }));
    expect(await received()).toEqual([]);
  });

  test.each([
    ['no source', { Source: undefined }, 'InvalidArgument'],
    ['no detail type', { DetailType: '' }, 'InvalidArgument'],
    ['no detail', { Detail: undefined }, 'InvalidArgument'],
    ['a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { Detail: '[]' }, 'MalformedDetail'],
    ['a source of AWS itself', { Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
    ['an unknown bus', { EventBusName: 'none' }, 'ResourceNotFoundException'],
  ])('refuses an entry with %s, and takes the one beside it', async (_name, more, ErrorCode) => {
    rule();
    const { Entries, FailedEntryCount } = await put(entry(more), entry());
    expect(FailedEntryCount).toBe(1);
    expect(Entries).toMatchObject([{ ErrorCode }, { EventId: expect.any(String) }]);
    expect(await received()).toHaveLength(1);
  });

  test.each([
    ['no entries', []],
    ['more than ten entries', Array.from({ length: 11 }, () => entry())],
    ['more than 256 KB', [entry({ Detail: JSON.stringify({ x: 'x'.repeat(262_144) }) })]],
  ])('refuses a request with %s', async (_name, entries) => {
    await expect(put(...entries)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('a rule', () => {
  test.each([
    ['an operator that does not exist', { EventPattern: { a: [{ regex: 'x' }] } }],
    ['a schedule by cron', { EventPattern: undefined, ScheduleExpression: 'cron(0 12 * * ? *)' }],
    ['a pattern and a schedule', { ScheduleExpression: 'rate(1 minute)' }],
    ['a bus that does not exist', { EventBusName: 'none' }],
    ['a transformer', { Targets: [{ Id: 'a', Arn: 'arn:aws:sqs:x:y:z', InputTransformer: {} }] }],
  ])('with %s is refused when it is made', (_name, more) => {
    expect(() => rule(more)).toThrow();
  });

  test('sends a constant or a part of the event where it says so', async () => {
    const to = (Id: string, more: object) => ({
      Id,
      Arn: queue.arn,
      SqsParameters: { MessageGroupId: Id },
      ...more,
    });
    rule({ Targets: [to('a', { Input: '{"constant":1}' }), to('b', { InputPath: '$.detail' })] });
    await put(entry({ Detail: '{"part":2}' }));
    expect(await received()).toEqual([{ constant: 1 }, { part: 2 }]);
  });

  test('on the default bus gets what services send, such as uploads to a bucket', async () => {
    rule({
      EventBusName: 'default',
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['inbox'] } },
      },
    });
    const object = { bucket: 'inbox', key: 'a b.csv', size: 5, etag: 'e', versionId: 'v' };
    const created = objectCreatedEvent(account, { ...object, reason: 'PutObject', time: clock.now() });
    aws.eventBridge.publish('default', created);
    expect(await received()).toMatchObject([
      {
        source: 'aws.s3',
        resources: ['arn:aws:s3:::inbox'],
        detail: { object: { key: 'a b.csv', 'version-id': 'v' } },
      },
    ]);
  });

  test('with a rate runs each time its period is over', async () => {
    const arn = rule({
      EventBusName: 'default',
      EventPattern: undefined,
      ScheduleExpression: 'rate(2 minutes)',
    });
    clock.advance(119_999);
    expect(await received()).toEqual([]);
    clock.advance(120_001);
    const events = await received();
    expect(events.map(({ time }) => time)).toEqual(['2026-11-22T10:02:00Z', '2026-11-22T10:04:00Z']);
    expect(events[0]).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: [arn],
      detail: {},
    });
  });
});

describe('a target that fails', () => {
  // Without a group a FIFO queue takes nothing: an error that could pass, unlike a target that does not exist.
  const failing = (more: object = {}) => ({ Id: 'bad', Arn: queue.arn, ...more });

  test('is tried again, then the dead-letter queue of the target gets the event', async () => {
    const dead = aws.sqs.createQueue({ QueueName: 'rule-dlq' });
    const RetryPolicy = { MaximumRetryAttempts: 2 };
    rule({ Targets: [failing({ RetryPolicy, DeadLetterConfig: { Arn: dead.arn } })] });
    await put(entry());
    clock.advance(1_000);
    await settled();
    expect(dead.counts().visible).toBe(0);
    clock.advance(2_000);
    await expect.poll(() => dead.counts().visible).toBe(1);
    const [message] = await dead.receive({ max: 1, waitMs: 0 });
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ source: PARTNER_BUS });
    expect(message?.attributes).toMatchObject({
      RETRY_ATTEMPTS: { StringValue: '2' },
      ERROR_CODE: { StringValue: 'MissingParameter' },
    });
  });

  test('that does not exist goes to the dead-letter queue at once', async () => {
    const dead = aws.sqs.createQueue({ QueueName: 'rule-dlq' });
    rule({ Targets: [{ Id: 'gone', Arn: `${queue.arn}x`, DeadLetterConfig: { Arn: dead.arn } }] });
    await put(entry());
    await expect.poll(() => dead.counts().visible).toBe(1);
  });

  test('without a dead-letter queue loses the event, and says so', async () => {
    const arn = rule({ Targets: [failing({ RetryPolicy: { MaximumRetryAttempts: 0 } })] });
    await put(entry());
    await expect
      .poll(() => dropped)
      .toEqual([{ ruleArn: arn, targetArn: queue.arn, errorCode: 'MissingParameter' }]);
  });

  test('gets the event after a restart', async () => {
    const late = `arn:aws:sqs:${account.region}:${account.accountId}:late`;
    const dead = `${late}-dlq`;
    rule({ Targets: [{ Id: 'late', Arn: late, DeadLetterConfig: { Arn: dead } }] });
    await put(entry());
    await settled();
    await aws.close();
    await start();
    const created = aws.sqs.createQueue({ QueueName: 'late' });
    aws.resume();
    await expect.poll(() => created.counts().visible).toBe(1);
  });
});

/** Lets the promises of attempts that have begun run out. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
