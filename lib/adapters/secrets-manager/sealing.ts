import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Sealed } from '../../domain/ports.ts';
import type { KeyEncryptionKey } from './secrets.ts';

const CIPHER = 'aes-256-gcm';
/** RFC 3394, section 2.2.3.1. */
const KEY_WRAP_IV = Buffer.from('a6a6a6a6a6a6a6a6', 'hex');
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a clear value under a data key of its own (AES-256-GCM, bound to the token), and wraps that key (AES key wrap,
 * RFC 3394). Destroying the wrapped key destroys the value.
 */
export function seal(kek: KeyEncryptionKey, token: string, clear: string): Sealed {
  const dataKey = randomBytes(32);
  const wrap = createCipheriv('id-aes256-wrap', keyBytes(kek), KEY_WRAP_IV);
  return {
    ciphertext: encrypt(dataKey, token, clear),
    wrappedKey: Buffer.concat([wrap.update(dataKey), wrap.final()]),
  };
}

/**
 * Seals another clear value under a data key that is there already; `open` opens it with the same context as token.
 *
 * @throws Error if the key was not wrapped by this key-encryption key.
 */
export function sealUnder(
  kek: KeyEncryptionKey,
  { wrappedKey, context }: { readonly wrappedKey: Uint8Array; readonly context: string },
  clear: string | Uint8Array,
): Uint8Array {
  return encrypt(unwrapped(kek, wrappedKey), context, clear);
}

/**
 * Opens a sealed value.
 *
 * @throws Error if the key, the token or the ciphertext is not the one it was sealed with.
 */
export function open(kek: KeyEncryptionKey, token: string, sealed: Sealed): string {
  return openBytes(kek, token, sealed).toString('utf8');
}

/** The same for what is no text. */
export function openBytes(kek: KeyEncryptionKey, token: string, { ciphertext, wrappedKey }: Sealed): Buffer {
  const decipher = createDecipheriv(CIPHER, unwrapped(kek, wrappedKey), ciphertext.subarray(0, NONCE_BYTES))
    .setAAD(Buffer.from(token))
    .setAuthTag(ciphertext.subarray(-TAG_BYTES));
  const body = ciphertext.subarray(NONCE_BYTES, -TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

function encrypt(dataKey: Buffer, context: string, clear: string | Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, dataKey, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(Buffer.from(clear)), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

function unwrapped(kek: KeyEncryptionKey, wrappedKey: Uint8Array): Buffer {
  const unwrap = createDecipheriv('id-aes256-wrap', keyBytes(kek), KEY_WRAP_IV);
  return Buffer.concat([unwrap.update(wrappedKey), unwrap.final()]);
}

/** The secret is 64 random characters, which CloudFormation can generate; its hash is the 256-bit key. */
function keyBytes({ kek }: KeyEncryptionKey): Buffer {
  return createHash('sha256').update(kek).digest();
}
