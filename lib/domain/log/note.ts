import { createPublicKey, hash, verify } from 'node:crypto';

/** A key that signs notes: its name and its Ed25519 public key, 32 bytes (RFC 8032). */
export type NoteKey = { readonly name: string; readonly publicKey: Uint8Array };

// https://c2sp.org/signed-note: the signature type of Ed25519, and the dash that begins a signature line.
const ED25519 = Uint8Array.of(1);
const DASH = '\u2014';
const KEY_ID_BYTES = 4;

/** The key's id: the first four bytes of SHA-256(name || 0x0A || 0x01 || public key). */
export function noteKeyId({ name, publicKey }: NoteKey): Buffer {
  const preimage = Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey]);
  return Buffer.from(hash('sha256', preimage, 'hex'), 'hex').subarray(0, KEY_ID_BYTES);
}

/** The key as a C2SP verifier key, `<name>+<key id>+<type and public key>`. */
export function verifierKey(key: NoteKey): string {
  const material = Buffer.concat([ED25519, key.publicKey]).toString('base64');
  return `${key.name}+${noteKeyId(key).toString('hex')}+${material}`;
}

/** The text, which ends with a line feed, with its one signature. */
export function signedNote(text: string, key: NoteKey, signature: Uint8Array): string {
  const signed = Buffer.concat([noteKeyId(key), signature]).toString('base64');
  return `${text}\n${DASH} ${key.name} ${signed}\n`;
}

/** The text of a note that the key has signed; undefined if it is no note, or another key's, or was changed. */
export function openNote(note: string, key: NoteKey): string | undefined {
  // The text may have empty lines of its own: the last one ends it.
  const end = note.lastIndexOf('\n\n');
  if (end === -1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, end + 1);
  const begin = `${DASH} ${key.name} `;
  const isOurs = note
    .slice(end + 2, -1)
    .split('\n')
    .some((line) => line.startsWith(begin) && isSignature(line.slice(begin.length), text, key));
  return isOurs ? text : undefined;
}

function isSignature(signed: string, text: string, key: NoteKey): boolean {
  const bytes = Buffer.from(signed, 'base64');
  if (!bytes.subarray(0, KEY_ID_BYTES).equals(noteKeyId(key))) return false;
  const x = Buffer.from(key.publicKey).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(text), publicKey, bytes.subarray(KEY_ID_BYTES));
}
