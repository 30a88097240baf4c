import { type Message, type MessageAttributes, md5, md5OfAttributes } from './message.ts';
import { receiptHandle } from './receipt-handle.ts';

type Wanted = { readonly system: readonly string[]; readonly custom: readonly string[] };

// The local account sends everything; Amazon SQS names the IAM principal here.
const SENDER_ID = 'AIDALOCAL';

/** The system attributes of a received message, by the names of the ReceiveMessage API reference. */
export function systemAttributes(message: Message): Record<string, string> {
  const all: Record<string, string | undefined> = {
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    SentTimestamp: String(message.sentAt),
    SenderId: SENDER_ID,
    MessageGroupId: message.groupId,
    MessageDeduplicationId: message.dedupId,
    SequenceNumber: message.sequence,
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
  return defined(all);
}

/** A received message as ReceiveMessage answers it, with the attributes that were asked for. */
export function describeMessage(message: Message, wanted: Wanted): object {
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => wanted.system.includes('All') || wanted.system.includes(name),
  );
  const attributes = selectAttributes(message.attributes, wanted.custom);
  const any = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: md5(message.body),
    Body: message.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(any ? { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) } : {}),
  };
}

// "All", ".*", a whole name, or "prefix.*" (Amazon SQS API Reference, ReceiveMessage)
function selectAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  const wanted = (name: string) =>
    names.some(
      (one) =>
        one === 'All' ||
        one === '.*' ||
        one === name ||
        (one.endsWith('.*') && name.startsWith(one.slice(0, -1))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)));
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
