import * as z from 'zod';
import { AwsError } from '../aws-service.ts';
import type { InvocationOutcome } from '../lambda/function-worker.ts';
import { type Message, md5, md5OfAttributes } from '../sqs/message.ts';
import { systemAttributes } from '../sqs/message-description.ts';
import type { Queue } from '../sqs/queue.ts';
import { receiptHandle } from '../sqs/receipt-handle.ts';
import { COMMON_PROPERTIES, type EventSourceMapping, invokeBatch } from './batch.ts';

/** The properties of AWS::Lambda::EventSourceMapping for a queue. What is not here is refused: the object is strict. */
const QueueMappingProperties = z.strictObject({
  ...COMMON_PROPERTIES,
  BatchSize: z.coerce.number().int().min(1).max(10_000).default(10),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number().int().min(2).max(1000) }).optional(),
});
type Properties = z.output<typeof QueueMappingProperties>;

export type QueueMappingOptions = {
  readonly queue: Queue;
  readonly region: string;
  /** Invokes the function with the event; an outcome that failed, or a rejection, leaves the whole batch in the queue. */
  readonly invoke: (payload: string) => Promise<InvocationOutcome>;
  readonly properties?: z.input<typeof QueueMappingProperties>;
};

// "Lambda begins processing five batches at a time" (AWS Lambda Developer Guide, Using Lambda with Amazon SQS)
const POLLERS = 5;
// One ReceiveMessage brings ten messages at most.
const RECEIVE_MAX = 10;

/**
 * Hands the messages of a queue to a function in batches, and deletes those that were handled. Receivers wait inside the
 * queue, so a message reaches the function as soon as it is sent. A batch that failed is left to its visibility timeout.
 */
export function createQueueMapping(options: QueueMappingOptions): EventSourceMapping {
  const properties = QueueMappingProperties.parse(options.properties ?? {});
  checkBatching(options.queue, properties);
  const stop = new AbortController();
  const count = properties.Enabled ? (properties.ScalingConfig?.MaximumConcurrency ?? POLLERS) : 0;
  const pollers = Array.from({ length: count }, () => poll(options, properties, stop.signal));
  return {
    async close() {
      stop.abort();
      await Promise.all(pollers);
    },
  };
}

// "For FIFO queues the maximum is 10"; "batch windows are not supported for FIFO queues"; "batches over 10 need a window of
// at least one second" (AWS Lambda Developer Guide, Creating and configuring an Amazon SQS event source mapping)
function checkBatching(queue: Queue, properties: Properties): void {
  const { BatchSize, MaximumBatchingWindowInSeconds: window } = properties;
  if (queue.properties.FifoQueue && (BatchSize > RECEIVE_MAX || window > 0)) {
    throw new Error(`${queue.name}: a FIFO queue takes batches of up to 10 and no batching window.`);
  }
  if (BatchSize > RECEIVE_MAX && window < 1) {
    throw new Error(`${queue.name}: batches of more than 10 need a batching window of a second or more.`);
  }
}

async function poll(
  options: QueueMappingOptions,
  properties: Properties,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const batch = await gather(options.queue, properties, signal);
    if (batch.length > 0) await handle(options, properties, batch);
  }
}

/** Waits for a first message, then, with a batching window, until the batch is full or the window over. */
async function gather(queue: Queue, properties: Properties, signal: AbortSignal): Promise<Message[]> {
  const { BatchSize, MaximumBatchingWindowInSeconds } = properties;
  const max = Math.min(BatchSize, RECEIVE_MAX);
  const batch = [...(await queue.receive({ max, waitMs: Number.POSITIVE_INFINITY, signal }))];
  const windowEnds = performance.now() + MaximumBatchingWindowInSeconds * 1000;
  while (batch.length > 0 && batch.length < BatchSize && !signal.aborted) {
    const waitMs = windowEnds - performance.now();
    if (waitMs <= 0) break;
    const more = await queue.receive({
      max: Math.min(BatchSize - batch.length, RECEIVE_MAX),
      waitMs,
      signal,
    });
    batch.push(...more);
  }
  return batch;
}

async function handle(
  options: QueueMappingOptions,
  properties: Properties,
  batch: readonly Message[],
): Promise<void> {
  const { failed } = await invokeBatch({
    records: new Map(batch.map((message) => [message.id, record(options, message)])),
    reporting: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    invoke: options.invoke,
  });
  for (const message of batch) {
    if (!failed.has(message.id)) deleteQuietly(options.queue, message);
  }
}

// A function that outlasts the visibility timeout has lost its receipt: the message will come again, as on AWS.
function deleteQuietly(queue: Queue, message: Message): void {
  try {
    queue.delete(receiptHandle(message));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

function record({ queue, region }: QueueMappingOptions, message: Message): object {
  const messageAttributes = Object.entries(message.attributes).map(([name, attribute]) => [
    name,
    {
      dataType: attribute.DataType,
      stringValue: attribute.StringValue,
      binaryValue: attribute.BinaryValue,
      stringListValues: [],
      binaryListValues: [],
    },
  ]);
  return {
    messageId: message.id,
    receiptHandle: receiptHandle(message),
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: Object.fromEntries(messageAttributes),
    md5OfBody: md5(message.body),
    md5OfMessageAttributes: md5OfAttributes(message.attributes),
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: region,
  };
}
