// Four queues behind real SDK clients, anew for each test of the file that imports this.
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageCommand,
  type SendMessageCommandInput,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach } from 'vitest';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { clientsOf, manualClock, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

export let folder: ReturnType<typeof temporaryFolder>;
export let clock: ReturnType<typeof manualClock>;
export let aws: LocalAws;
export let client: SQSClient;

export const MINUTE = 60_000;

export async function start(): Promise<void> {
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

export const url = (name: string) => aws.sqs.queueByName(name)?.url ?? '';

export function send(queue: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) {
  return client.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody, ...more }));
}
export const sendTo = (group: string, body: string) => send('orders.fifo', body, { MessageGroupId: group });

export async function receive(
  queue: string,
  more: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const input = { QueueUrl: url(queue), MaxNumberOfMessages: 10, ...more };
  return (await client.send(new ReceiveMessageCommand(input))).Messages ?? [];
}
export const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);

export function remove(queue: string, { ReceiptHandle }: Message) {
  return client.send(new DeleteMessageCommand({ QueueUrl: url(queue), ReceiptHandle }));
}

export async function counts(queue: string): Promise<string> {
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
