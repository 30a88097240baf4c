import { createHash } from 'node:crypto';
import { type MessageAttributes, messageBytes } from './message.ts';
import type { SendInput } from './queue.ts';
import type { QueueProperties } from './queue-properties.ts';
import { invalidContents, invalidParameter, missingParameter } from './sqs-errors.ts';

// "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF" (Amazon SQS API Reference, SendMessage)
const ALLOWED = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u;
// "can contain up to 128 alphanumeric characters and punctuation" (MessageGroupId, MessageDeduplicationId)
const TOKEN = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

type Accepted = {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader?: string;
  readonly groupId?: string;
  readonly dedupId?: string;
};

/** What the queue takes of a send request; throws what Amazon SQS would answer to one it refuses. */
export function checkedMessage(properties: QueueProperties, input: SendInput): Accepted {
  const { body, attributes = {}, traceHeader, groupId } = input;
  if (body === '') throw missingParameter('The request must contain the parameter MessageBody.');
  if (!ALLOWED.test(body)) throw invalidContents();
  if (Object.keys(attributes).length > 10) throw invalidParameter('A message has at most 10 attributes.');
  if (messageBytes(body, attributes) > properties.MaximumMessageSize) {
    throw invalidParameter(
      `One or more parameters are invalid. Message must be shorter than ${properties.MaximumMessageSize} bytes.`,
    );
  }
  checkFifo(properties, input);
  const dedupId = properties.FifoQueue ? deduplicationId(properties, input) : undefined;
  return {
    body,
    attributes,
    ...(traceHeader === undefined ? {} : { traceHeader }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(dedupId === undefined ? {} : { dedupId }),
  };
}

/** What a duplicate is recognised by, or undefined on a standard queue. */
export function deduplicationKey(properties: QueueProperties, input: SendInput): string | undefined {
  if (!properties.FifoQueue) return undefined;
  const id = deduplicationId(properties, input);
  return properties.DeduplicationScope === 'queue' ? id : `${input.groupId} ${id}`;
}

function checkFifo(properties: QueueProperties, input: SendInput): void {
  const { groupId, dedupId, delaySeconds } = input;
  for (const token of [groupId, dedupId]) {
    if (token !== undefined && !TOKEN.test(token)) {
      throw invalidParameter(
        'MessageGroupId and MessageDeduplicationId take 1 to 128 alphanumeric or punctuation characters.',
      );
    }
  }
  if (delaySeconds !== undefined && (delaySeconds < 0 || delaySeconds > 900)) {
    throw invalidParameter('DelaySeconds must be 0 to 900.');
  }
  if (!properties.FifoQueue) {
    if (dedupId !== undefined)
      throw invalidParameter('MessageDeduplicationId is valid only for FIFO queues.');
    return;
  }
  if (groupId === undefined) throw missingParameter('The request must contain the parameter MessageGroupId.');
  if (delaySeconds !== undefined && delaySeconds !== properties.DelaySeconds) {
    throw invalidParameter('A FIFO queue takes DelaySeconds for the queue only, not for a message.');
  }
}

function deduplicationId(properties: QueueProperties, input: SendInput): string {
  if (input.dedupId !== undefined) return input.dedupId;
  if (!properties.ContentBasedDeduplication) {
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  }
  return createHash('sha256').update(input.body).digest('hex');
}
