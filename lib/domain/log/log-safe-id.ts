import { createHmac } from 'node:crypto';
import type { Pepper } from '../contact-point/token.ts';
import { isOpaque } from '../vocabulary.ts';

/** MD5, SHA-1, SHA-256 in hex: a hash without a secret of a number is found by hashing them all (FTC, 24 July 2024). */
const MAY_BE_A_HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;

/**
 * An id that a caller sent, as the log may hold it: itself where it is opaque, else a pseudonym under the pepper, the
 * same each time, so that contact ids made of phone numbers or addresses can still be followed.
 */
export function logSafeId(id: string, { version, pepper }: Pepper): string {
  if (isOpaque(id) && !MAY_BE_A_HASH.test(id)) return id;
  return `h.${version}.${createHmac('sha256', pepper).update(`id:${id}`).digest('base64url').slice(0, 22)}`;
}
