import * as z from 'zod';
import { createJsonService, type JsonAction, jsonAction } from '../aws-json.ts';
import type { AwsAccount, AwsRequest, AwsService } from '../aws-service.ts';
import { MessageAttribute, md5, md5OfAttributes } from './message.ts';
import { describeMessage } from './message-description.ts';
import type { Queue } from './queue.ts';
import { queueAttributes } from './queue-attributes.ts';
import { BatchId, runBatch } from './sqs-batch.ts';
import { queueDoesNotExist } from './sqs-errors.ts';

export type SqsServiceOptions = {
  readonly account: AwsAccount;
  readonly queueByName: (name: string) => Queue | undefined;
  readonly queues: () => readonly Queue[];
};

const SystemAttribute = z.object({ DataType: z.literal('String'), StringValue: z.string() });

const Send = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().int().optional(),
  MessageAttributes: z.record(z.string(), MessageAttribute).optional(),
  MessageSystemAttributes: z.object({ AWSTraceHeader: SystemAttribute.optional() }).optional(),
  MessageDeduplicationId: z.string().optional(),
  MessageGroupId: z.string().optional(),
});
type Send = z.output<typeof Send>;

const Receive = z.object({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: z.number().int().min(0).max(43_200).optional(),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});

const Visibility = z.object({
  ReceiptHandle: z.string(),
  VisibilityTimeout: z.number().int().min(0).max(43_200),
});
const Handle = z.object({ ReceiptHandle: z.string() });
const ListInput = z.object({ QueueNamePrefix: z.string().default('') });
const AttributesInput = z.object({ AttributeNames: z.array(z.string()).default([]) });

/** The JSON protocol of Amazon SQS over the given queues. Queues are declared, not created over the wire. */
export function createSqsService(options: SqsServiceOptions): AwsService {
  const on = queueActions(options);
  return createJsonService({
    target: 'AmazonSQS',
    version: '1.0',
    actions: {
      SendMessage: on(Send, (queue, input) => send(queue, input)),
      SendMessageBatch: on(batchOf(Send), (queue, { Entries }) =>
        runBatch(queue, Entries, (entry) => send(queue, entry)),
      ),
      ReceiveMessage: on(Receive, receive),
      DeleteMessage: on(Handle, (queue, input) => remove(queue, input)),
      DeleteMessageBatch: on(batchOf(Handle), (queue, { Entries }) =>
        runBatch(queue, Entries, (entry) => remove(queue, entry)),
      ),
      ChangeMessageVisibility: on(Visibility, (queue, input) => changeVisibility(queue, input)),
      ChangeMessageVisibilityBatch: on(batchOf(Visibility), (queue, { Entries }) =>
        runBatch(queue, Entries, (entry) => changeVisibility(queue, entry)),
      ),
      GetQueueAttributes: on(AttributesInput, (queue, input) => queueAttributes(queue, input.AttributeNames)),
      PurgeQueue: on(z.object({}), (queue) => {
        queue.purge();
        return {};
      }),
      GetQueueUrl: sqsAction(z.object({ QueueName: z.string() }), ({ QueueName }) => ({
        QueueUrl: found(options.queueByName(QueueName)).url,
      })),
      ListQueues: sqsAction(ListInput, ({ QueueNamePrefix }) => ({
        QueueUrls: options
          .queues()
          .flatMap(({ name, url }) => (name.startsWith(QueueNamePrefix) ? [url] : [])),
      })),
    },
  });
}

/** Actions upon one queue, named by the last part of its URL: the port before it may be another run's. */
function queueActions({ queueByName, account }: SqsServiceOptions) {
  const Url = z.object({ QueueUrl: z.string() });
  return <Schema extends z.ZodType>(
    input: Schema,
    run: (queue: Queue, input: z.output<Schema>, request: AwsRequest) => Promise<object> | object,
  ): JsonAction => {
    const inner = (queue: Queue) =>
      jsonAction({
        input,
        run: (parsed, request) => run(queue, parsed, request),
        code: 'InvalidParameterValue',
      });
    return jsonAction({
      input: Url.loose(),
      code: 'MissingParameter',
      run: (body, request) => {
        const [owner, name = ''] = body.QueueUrl.split('/').slice(-2);
        const queue = owner === account.accountId ? queueByName(name) : undefined;
        return inner(found(queue))(body, request);
      },
    });
  };
}

function sqsAction<Schema extends z.ZodType>(
  input: Schema,
  run: (input: z.output<Schema>) => object,
): JsonAction {
  return jsonAction({ input, run, code: 'InvalidParameterValue' });
}

function batchOf<Shape extends z.ZodRawShape>(entry: z.ZodObject<Shape>) {
  return z.object({ Entries: z.array(entry.extend({ Id: BatchId })) });
}

function found(queue: Queue | undefined): Queue {
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

function send(queue: Queue, input: Send): object {
  const attributes = input.MessageAttributes ?? {};
  const sent = queue.send({
    body: input.MessageBody,
    attributes,
    groupId: input.MessageGroupId,
    dedupId: input.MessageDeduplicationId,
    delaySeconds: input.DelaySeconds,
    traceHeader: input.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
  });
  return {
    MessageId: sent.id,
    MD5OfMessageBody: md5(input.MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    SequenceNumber: sent.sequence,
  };
}

async function receive(queue: Queue, input: z.output<typeof Receive>, request: AwsRequest): Promise<object> {
  const { VisibilityTimeout: timeout, WaitTimeSeconds: wait } = input;
  const messages = await queue.receive({
    max: input.MaxNumberOfMessages,
    visibilityTimeoutMs: timeout === undefined ? undefined : timeout * 1000,
    waitMs: 1000 * (wait ?? queue.properties.ReceiveMessageWaitTimeSeconds),
    signal: request.signal,
  });
  const wanted = {
    system: [...input.AttributeNames, ...input.MessageSystemAttributeNames],
    custom: input.MessageAttributeNames,
  };
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => describeMessage(message, wanted)) };
}

function remove(queue: Queue, input: z.output<typeof Handle>): object {
  queue.delete(input.ReceiptHandle);
  return {};
}

function changeVisibility(queue: Queue, input: z.output<typeof Visibility>): object {
  queue.changeVisibility(input.ReceiptHandle, input.VisibilityTimeout * 1000);
  return {};
}
