import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { LogSigner } from '../../lib/domain/log/log-ports.ts';
import type { NoteKey } from '../../lib/domain/log/note.ts';

/** The name of the tests' log. */
export const ORIGIN = 'log.example.com/test';

// RFC 8410, section 7: what stands before the 32 bytes of a private key in PKCS #8.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A signer whose key follows from a name: the same for every process of a test. */
export function testSigner(name = ORIGIN): LogSigner & { readonly key: NoteKey } {
  const seed = createHash('sha256').update(`log key of ${name}`).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = Buffer.from(x, 'base64url');
  return {
    key: { name: ORIGIN, publicKey },
    publicKey: async () => publicKey,
    sign: async (message) => sign(null, message, privateKey),
  };
}
