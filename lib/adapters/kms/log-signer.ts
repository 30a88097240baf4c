import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { ComplianceError } from '../../domain/errors.ts';
import type { LogSigner } from '../../domain/log/log-ports.ts';

/** The log's key in AWS KMS, of the key spec ECC_NIST_EDWARDS25519: the private key never leaves it. */
export class KmsLogSigner implements LogSigner {
  readonly #client: KMSClient;
  readonly #keyId: string;

  constructor(client: KMSClient, keyId: string) {
    this.#client = client;
    this.#keyId = keyId;
  }

  async publicKey(): Promise<Uint8Array> {
    const { PublicKey, KeySpec } = await this.#client.send(new GetPublicKeyCommand({ KeyId: this.#keyId }));
    if (PublicKey === undefined || KeySpec !== 'ECC_NIST_EDWARDS25519') throw unusable(`a key ${KeySpec}`);
    // KMS gives the SubjectPublicKeyInfo (RFC 8410); its JWK has the bare 32 bytes.
    const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
    return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    const { Signature } = await this.#client.send(
      new SignCommand({
        KeyId: this.#keyId,
        Message: message,
        // Pure Ed25519 takes the message itself; it is at most 4,096 bytes.
        MessageType: 'RAW',
        SigningAlgorithm: 'ED25519_SHA_512',
      }),
    );
    if (Signature === undefined) throw unusable('no signature');
    return Signature;
  }
}

function unusable(got: string): ComplianceError {
  return new ComplianceError({
    code: 'LOG_KEY_UNUSABLE',
    message: `expected an Ed25519 key of KMS for the log, got ${got}; nothing was signed`,
  });
}
