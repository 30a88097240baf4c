import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readBase64 } from './base64.ts';

/** Who may sign: a C2SP verifier key, `<name>+<id in hex>+<base64 of 0x01 and the Ed25519 public key>`. */
export type VerifierKey = {
  /** The text that it was read from. */
  readonly text: string;
  readonly name: string;
  /** The four bytes that a signature line begins with, as hex. */
  readonly id: string;
  readonly publicKey: KeyObject;
};

/** What a note says, once its signature holds; otherwise why it says nothing. */
export type OpenedNote =
  | { readonly state: 'SIGNED'; readonly text: string }
  | { readonly state: 'NO_NOTE' | 'OTHER_KEY' | 'BAD_SIGNATURE' };

const VKEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;
// https://c2sp.org/signed-note: em dash, space, key name, space, base64, line feed.
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/;
// https://c2sp.org/signed-note: 0x01 is Ed25519 over the note's text.
const ED25519 = 1;
const MOST_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;

/** Reads a verifier key; undefined if it is none, or if its id is not that of its name and key. */
export function readVerifierKey(text: string): VerifierKey | undefined {
  const [, name, id, encoded] = VKEY.exec(text) ?? [];
  if (name === undefined || id === undefined || encoded === undefined) return undefined;
  const key = readBase64(encoded);
  if (key === undefined || key.length !== 33 || key[0] !== ED25519 || keyId(name, key) !== id)
    return undefined;
  const x = key.subarray(1).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return { text, name, id, publicKey };
}

/** key ID = SHA-256(key name || 0x0A || signature type || public key)[:4] (https://c2sp.org/signed-note). */
function keyId(name: string, typeAndKey: Uint8Array): string {
  return createHash('sha256').update(`${name}\n`).update(typeAndKey).digest('hex').slice(0, 8);
}

/** Opens a signed note; signatures of keys that are not asked about are passed over, as the specification has it. */
export function openNote(note: Uint8Array, key: VerifierKey): OpenedNote {
  const read = readNote(note);
  if (read === undefined) return { state: 'NO_NOTE' };
  const own = read.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) return { state: 'OTHER_KEY' };
  const bytes = Buffer.from(read.text);
  const holds = own.every(({ signature }) => verify(null, bytes, key.publicKey, signature));
  return holds ? { state: 'SIGNED', text: read.text } : { state: 'BAD_SIGNATURE' };
}

type Signature = { readonly name: string; readonly id: string; readonly signature: Uint8Array };

function readNote(note: Uint8Array): { text: string; signatures: readonly Signature[] } | undefined {
  if (note.length > MOST_BYTES) return undefined;
  const whole = decode(note);
  if (whole === undefined || !whole.endsWith('\n')) return undefined;
  // The text is separated from the signatures by the last empty line; its own last line feed belongs to it.
  const split = whole.lastIndexOf('\n\n');
  if (split === -1) return undefined;
  const lines = whole.slice(split + 2, -1).split('\n');
  const signatures = lines.flatMap((line) => readSignature(line) ?? []);
  if (signatures.length !== lines.length || lines.length > MOST_SIGNATURES) return undefined;
  return { text: whole.slice(0, split + 1), signatures };
}

function readSignature(line: string): Signature | undefined {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : readBase64(encoded);
  if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
  return { name, id: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) };
}

/** Valid UTF-8 without control characters but the line feed; undefined for anything else. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.some((byte) => byte < 0x20 && byte !== 0x0a)) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
