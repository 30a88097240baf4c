import { createHash } from 'node:crypto';
import { v7 } from 'uuid';

/** A UUIDv7 (RFC 9562, section 5.7) that is the same whenever it is made for one message and time, epoch milliseconds. */
export function sameUuid(messageId: string, at: number): string {
  return v7({ msecs: at, seq: 0, random: createHash('sha256').update(messageId).digest().subarray(0, 16) });
}
