import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type Clock, systemClock } from '../clock.ts';
import type { StreamRecord, TableStream } from '../dynamodb-streams/stream.ts';
import { compilePattern, type EventPattern } from '../event-bridge/pattern.ts';
import { JsonSchema } from '../event-bridge/pattern-json.ts';
import type { InvocationOutcome } from '../lambda/function-worker.ts';
import type { Queue } from '../sqs/queue.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { COMMON_PROPERTIES, type EventSourceMapping, invokeBatch } from './batch.ts';
import { failedBatch } from './failed-batch.ts';
import { wait } from './wait.ts';

/**
 * The properties of AWS::Lambda::EventSourceMapping for a DynamoDB stream. What is not here is refused: the object is strict.
 * Source: AWS Lambda Developer Guide, "Lambda parameters for Amazon DynamoDB event source mappings".
 */
const StreamMappingProperties = z.strictObject({
  ...COMMON_PROPERTIES,
  BatchSize: z.coerce.number().int().min(1).max(10_000).default(100),
  // Records of before are not kept, so there is nothing for TRIM_HORIZON to begin with.
  StartingPosition: z.literal('LATEST'),
  // "By default, you can define up to five different filters per event source mapping" (ibid., Event filtering)
  FilterCriteria: z
    .strictObject({
      Filters: z
        .array(
          z.strictObject({ Pattern: z.string().transform((text) => JsonSchema.parse(JSON.parse(text))) }),
        )
        .max(5),
    })
    .default({ Filters: [] }),
  /** -1 tries for ever. */
  MaximumRetryAttempts: z.coerce.number().int().min(-1).max(10_000).default(-1),
  BisectBatchOnFunctionError: z.boolean().default(false),
  DestinationConfig: z
    .strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() })
    .default({}),
  ParallelizationFactor: z.literal(1).optional(),
});
type Properties = z.output<typeof StreamMappingProperties>;

export type StreamMappingOptions = {
  readonly stream: TableStream;
  readonly functionArn: string;
  /** Invokes the function with the event; an outcome that failed, or a rejection, fails the whole batch. */
  readonly invoke: (payload: string, requestId: string) => Promise<InvocationOutcome>;
  readonly queueByArn: (arn: string) => Queue | undefined;
  /** As a template has them. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
};

/** Records that are tried together, and how often that was in vain. */
type Part = { readonly records: readonly StreamRecord[]; readonly retries: number };

// "The payload size reaches 6 MB" (AWS Lambda Developer Guide, Batching behavior); some room is left for the commas.
const MAX_BATCH_BYTES = 5.9 * 1024 * 1024;
// AWS does not say how long it waits.
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 60_000;

/**
 * Hands the records of a stream to a function, in order, one batch at a time: what comes later waits until a batch is done
 * or given up. Begins with the record after this call.
 */
export function createStreamMapping(options: StreamMappingOptions): EventSourceMapping {
  const properties = StreamMappingProperties.parse(options.properties);
  const mapping = new StreamMapping(options, properties);
  const done = properties.Enabled ? mapping.run() : Promise.resolve();
  return {
    async close() {
      mapping.stop();
      await done;
    },
  };
}

class StreamMapping {
  readonly #options: StreamMappingOptions;
  readonly #properties: Properties;
  readonly #clock: Clock;
  readonly #backlog: Backlog;
  readonly #filters: readonly EventPattern[];
  readonly #undelivered: Queue | undefined;
  readonly #stop = new AbortController();

  constructor(options: StreamMappingOptions, properties: Properties) {
    const { clock = systemClock } = options;
    this.#options = options;
    this.#properties = properties;
    this.#clock = clock;
    this.#backlog = createBacklog(clock, { records: properties.BatchSize, bytes: MAX_BATCH_BYTES });
    this.#filters = properties.FilterCriteria.Filters.map(({ Pattern }) => compilePattern(Pattern));
    this.#undelivered = undeliveredQueue(options, properties);
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    const unsubscribe = this.#options.stream.subscribe((record) => {
      if (this.#wants(record)) this.#backlog.add(record);
    });
    while (!signal.aborted) {
      const windowMs = this.#properties.MaximumBatchingWindowInSeconds * 1000;
      await this.#handle(await this.#backlog.nextBatch(windowMs, signal));
    }
    unsubscribe();
  }

  stop(): void {
    this.#stop.abort();
  }

  // "If an event satisfies any of the filters, Lambda sends it to your function" (ibid., Event filtering)
  #wants(record: StreamRecord): boolean {
    if (this.#filters.length === 0) return true;
    return this.#filters.some((matches) => matches(record));
  }

  async #handle(batch: readonly StreamRecord[]): Promise<void> {
    const parts: Part[] = batch.length === 0 ? [] : [{ records: batch, retries: 0 }];
    for (let part = parts.shift(); part !== undefined && !this.#stop.signal.aborted; part = parts.shift()) {
      parts.unshift(...(await this.#try(part)));
    }
  }

  /** Invokes the function; returns what of the records is to be tried again, in order. */
  async #try({ records, retries }: Part): Promise<readonly Part[]> {
    const requestId = randomUUID();
    const { failed, functionFailed } = await invokeBatch({
      records: new Map(records.map((record) => [record.dynamodb.SequenceNumber, record])),
      reporting: this.#properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      invoke: (payload) => this.#options.invoke(payload, requestId),
    });
    if (failed.size === 0) return [];
    // "Lambda uses the record with the lowest sequence number as the checkpoint. Lambda then retries all records starting
    // from that checkpoint" (ibid., Configuring partial batch response with DynamoDB and Lambda)
    const left = records.slice(records.findIndex(({ dynamodb }) => failed.has(dynamodb.SequenceNumber)));
    if (this.#properties.BisectBatchOnFunctionError && records.length > 1) {
      return bisected(records, left).map((part) => ({ records: part, retries }));
    }
    const { MaximumRetryAttempts } = this.#properties;
    if (MaximumRetryAttempts >= 0 && retries >= MaximumRetryAttempts) {
      this.#giveUp({ records: left, requestId, functionFailed, invokeCount: retries + 1 });
      return [];
    }
    const atMostMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** retries);
    await wait({ clock: this.#clock, signal: this.#stop.signal, atMostMs });
    return [{ records: left, retries: retries + 1 }];
  }

  // Without a destination "Lambda discards the records and continues processing batches from the stream" (ibid., Retain
  // discarded records for a DynamoDB event source)
  #giveUp(batch: Omit<Parameters<typeof failedBatch>[0], 'functionArn' | 'streamArn' | 'now'>): void {
    const { functionArn, stream } = this.#options;
    const body = failedBatch({ ...batch, functionArn, streamArn: stream.arn, now: this.#clock.now() });
    this.#undelivered?.send({ body });
  }
}

/**
 * "The batch is bisected at the returned sequence number and Lambda retries only the remaining records" (ibid.); in halves,
 * where the first record of all failed. "Splitting batches doesn't consume the retry quota" (ibid., Retain discarded
 * records).
 */
function bisected(
  records: readonly StreamRecord[],
  left: readonly StreamRecord[],
): readonly (readonly StreamRecord[])[] {
  if (left.length < records.length) return [left];
  const middle = Math.ceil(records.length / 2);
  return [records.slice(0, middle), records.slice(middle)];
}

// "Standard Amazon SQS queue or standard Amazon SNS topic destination for discarded records" (ibid., Lambda parameters)
function undeliveredQueue(
  { queueByArn, stream }: StreamMappingOptions,
  properties: Properties,
): Queue | undefined {
  const arn = properties.DestinationConfig.OnFailure?.Destination;
  if (arn === undefined) return undefined;
  const queue = queueByArn(arn);
  if (queue === undefined || queue.properties.FifoQueue) {
    throw new Error(
      `${stream.tableName}: what fails of its stream goes to a standard queue, and ${arn} is none.`,
    );
  }
  return queue;
}
