import { createHmac } from 'node:crypto';
import type { Pepper } from '../contact-point/token.ts';
import { isOpaque } from '../vocabulary.ts';

/**
 * An id that a caller sent, as the log may hold it: itself where it is opaque, else a pseudonym under the pepper, the
 * same each time, so that contact ids made of phone numbers or addresses can still be followed.
 */
export function logSafeId(id: string, { version, pepper }: Pepper): string {
  if (isOpaque(id)) return id;
  return `h.${version}.${createHmac('sha256', pepper).update(`id:${id}`).digest('base64url').slice(0, 22)}`;
}
