import { createHash } from 'node:crypto';
import * as z from 'zod';

/** A message attribute as the client sent it; binary values stay base64. */
export const MessageAttribute = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});
export type MessageAttribute = z.output<typeof MessageAttribute>;

export const MessageAttributes = z.record(z.string().min(1).max(256), MessageAttribute);
export type MessageAttributes = z.output<typeof MessageAttributes>;

/** A message in a queue, as it stands in memory and in the journal. Times are epoch milliseconds. */
export const Message = z.object({
  id: z.string(),
  body: z.string(),
  attributes: MessageAttributes,
  traceHeader: z.string().optional(),
  groupId: z.string().optional(),
  dedupId: z.string().optional(),
  sequence: z.string().optional(),
  sentAt: z.number(),
  visibleAt: z.number(),
  receives: z.number(),
  firstReceivedAt: z.number().optional(),
  /** What the latest receipt handle holds besides the id. */
  nonce: z.string().optional(),
  deadLetterSourceArn: z.string().optional(),
});
export type Message = z.output<typeof Message>;

/** Lower-case hex MD5, with which the SDK checks what the queue has understood. */
export function md5(data: string | Buffer): string {
  return createHash('md5').update(data).digest('hex');
}

/**
 * MD5 over the message attributes: sorted by name, each as name, data type, a byte for the transport type and the
 * value, all with 4-byte lengths (Amazon SQS Developer Guide, "Calculating the MD5 message digest for message
 * attributes"). Undefined without attributes.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const attribute = attributes[name];
    if (attribute === undefined) return [];
    const binary = attribute.DataType.startsWith('Binary');
    const value = binary
      ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
      : Buffer.from(attribute.StringValue ?? '');
    return [
      ...withLength(Buffer.from(name)),
      ...withLength(Buffer.from(attribute.DataType)),
      Buffer.from([binary ? 2 : 1]),
      ...withLength(value),
    ];
  });
  return md5(Buffer.concat(parts));
}

function withLength(bytes: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

/** Bytes that count against MaximumMessageSize: the body and each attribute's name, type and value. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue ?? '');
    bytes += Buffer.byteLength(BinaryValue ?? '', 'base64');
  }
  return bytes;
}
