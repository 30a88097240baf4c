import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { arnOf } from './arn.ts';
import { createQueryService } from './aws-query.ts';
import { type AwsAccount, AwsError, type AwsService } from './aws-service.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Deliver, unknownTarget } from './delivery.ts';
import { openJournal } from './journal.ts';

const Published = z.object({
  topicArn: z.string(),
  messageId: z.string(),
  subject: z.string().optional(),
  message: z.string(),
  attributes: z.record(z.string(), z.string()),
  /** Epoch milliseconds. */
  publishedAt: z.number(),
});
/** A message as it was published to a topic. */
export type Published = z.output<typeof Published>;

export type Sns = {
  /** What the gateway routes `sns` to. */
  readonly service: AwsService;
  /** Declares a topic and returns its ARN. */
  createTopic(name: string): string;
  /** What has been published to a topic, oldest first, earlier runs included. */
  published(topicArn: string): readonly Published[];
  readonly deliver: Deliver;
  close(): void;
};

export type SnsOptions = {
  readonly account: AwsAccount;
  readonly folder: string;
  readonly clock?: Clock;
  readonly onPublish?: (published: Published) => void;
};

// "Messages must be UTF-8 encoded strings and at most 256 KB in size" (Amazon SNS API Reference, Publish)
const MAX_MESSAGE_BYTES = 262_144;

/** Amazon SNS on one machine: what is published to a topic is recorded, for whoever would have been told. */
export function createSns(options: SnsOptions): Sns {
  const byTopic = new Map<string, Published[]>();
  const topics = new Set<string>();
  const keep = (published: Published): void => {
    const list = byTopic.get(published.topicArn) ?? [];
    list.push(published);
    byTopic.set(published.topicArn, list);
  };
  const journal = openJournal(join(options.folder, 'sns.ndjson'), (record) => keep(Published.parse(record)));
  const publish = (input: Omit<Published, 'messageId' | 'publishedAt'>): string => {
    const publishedAt = (options.clock ?? systemClock).now();
    const published = { ...input, messageId: randomUUID(), publishedAt };
    journal.append(published);
    keep(published);
    options.onPublish?.(published);
    return published.messageId;
  };
  return {
    service: createQueryService({
      namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
      actions: {
        Publish: (parameters) => ({ MessageId: publish(publishInput(parameters, topics)) }),
      },
    }),
    createTopic(name) {
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw new Error(`${name} is no name for a standard topic.`);
      const arn = arnOf(options.account, 'sns', name);
      topics.add(arn);
      return arn;
    },
    published: (topicArn) => byTopic.get(topicArn) ?? [],
    deliver(parcel) {
      if (!topics.has(parcel.to)) throw unknownTarget();
      publish({ topicArn: parcel.to, message: parcel.body, attributes: { ...parcel.attributes } });
    },
    close: () => journal.close(),
  };
}

function publishInput(parameters: URLSearchParams, topics: ReadonlySet<string>) {
  const topicArn = parameters.get('TopicArn') ?? parameters.get('TargetArn');
  const message = parameters.get('Message');
  const subject = parameters.get('Subject') ?? undefined;
  if (topicArn === null)
    throw invalid('TopicArn or TargetArn is required: phone numbers are not published to.');
  if (!topics.has(topicArn)) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
  if (!message) throw invalid('Empty message');
  if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw invalid('Message too long');
  // "ASCII text that begins with a letter, number, or punctuation mark; no line breaks or control characters; fewer than
  // 100 characters" (Amazon SNS API Reference, Publish)
  if (subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(subject)) throw invalid('Subject');
  if (parameters.get('MessageStructure') === 'json') checkJsonStructure(message);
  const base = { topicArn, message, attributes: attributesOf(parameters) };
  return subject === undefined ? base : { ...base, subject };
}

function checkJsonStructure(message: string): void {
  const structure = z.looseObject({ default: z.string() });
  try {
    structure.parse(JSON.parse(message));
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse or has no default entry');
  }
}

// MessageAttributes.entry.<n>.Name, .Value.DataType, .Value.StringValue, counted from 1
function attributesOf(parameters: URLSearchParams): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let index = 1; ; index += 1) {
    const name = parameters.get(`MessageAttributes.entry.${index}.Name`);
    if (name === null) return attributes;
    const value = `MessageAttributes.entry.${index}.Value`;
    attributes[name] = parameters.get(`${value}.StringValue`) ?? parameters.get(`${value}.BinaryValue`) ?? '';
  }
}

function invalid(reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
}
