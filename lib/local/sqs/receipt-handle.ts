import type { Message } from './message.ts';
import { receiptHandleIsInvalid } from './sqs-errors.ts';

/** The handle of the latest receipt of a message: opaque to clients, and different at each receive. */
export function receiptHandle(message: Message): string {
  return Buffer.from(`${message.id} ${message.nonce}`).toString('base64url');
}

/** The message a handle speaks of, or undefined where it is gone. Throws ReceiptHandleIsInvalid for what is no handle. */
export function messageOf(handle: string, messages: ReadonlyMap<string, Message>): Message | undefined {
  return messages.get(parts(handle).id);
}

export function nonceOf(handle: string): string {
  return parts(handle).nonce;
}

function parts(handle: string): { id: string; nonce: string } {
  const text = Buffer.from(handle, 'base64url').toString();
  const match = /^([0-9a-f-]{36}) ([0-9a-f-]{36})$/.exec(text);
  const [, id, nonce] = match ?? [];
  if (id === undefined || nonce === undefined) throw receiptHandleIsInvalid();
  return { id, nonce };
}
