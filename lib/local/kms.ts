import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { arnOf } from './arn.ts';
import { createJsonService, jsonAction } from './aws-json.ts';
import { type AwsAccount, AwsError, type AwsService } from './aws-service.ts';

/** The properties of AWS::KMS::Key that say what the key can do. */
export const KeyProperties = z.object({
  KeySpec: z.string().default('SYMMETRIC_DEFAULT'),
  KeyUsage: z.string().default('ENCRYPT_DECRYPT'),
});

export type Kms = {
  /** What the gateway routes `kms` to. */
  readonly service: AwsService;
  /**
   * Declares a key. One that signs is made once and kept in a file only its owner may read; one that encrypts has no
   * effect on one machine.
   */
  createKey(name: string, properties: z.input<typeof KeyProperties>): void;
};

type SigningKey = { readonly arn: string; readonly privateKey: KeyObject };

const SPEC = 'ECC_NIST_EDWARDS25519';
const ALGORITHM = 'ED25519_SHA_512';

/** AWS KMS on one machine: Sign and GetPublicKey of Ed25519 keys. */
export function createKms({ account, folder }: { account: AwsAccount; folder: string }): Kms {
  const keys = new Map<string, SigningKey>();
  // A key is named by its id or its ARN.
  const find = (id: string) => keys.get(id.split(':key/').at(-1) ?? id);
  return {
    service: kmsService(find),
    createKey(name, properties) {
      const { KeySpec, KeyUsage } = KeyProperties.parse(properties);
      if (KeySpec === 'SYMMETRIC_DEFAULT') return;
      if (KeySpec !== SPEC || KeyUsage !== 'SIGN_VERIFY') {
        throw new Error(`The local KMS has no keys of spec ${KeySpec} for ${KeyUsage}.`);
      }
      const privateKey = keptKey(join(folder, 'kms'), `${name}.pem`);
      keys.set(name, { arn: arnOf(account, 'kms', `key/${name}`), privateKey });
    },
  };
}

function keptKey(folder: string, file: string): KeyObject {
  const path = join(folder, file);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    // Never over another key: what it signed could no longer be verified.
    writeFileSync(path, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  }
  return createPrivateKey(readFileSync(path));
}

const KeyId = z.object({ KeyId: z.string().min(1) });
const SignInput = KeyId.extend({
  Message: z.base64().min(1),
  MessageType: z.string().default('RAW'),
  SigningAlgorithm: z.string(),
});

// "You can submit messages of up to 4096 bytes." (API reference, Sign)
const MAX_MESSAGE_BYTES = 4096;

function kmsService(find: (id: string) => SigningKey | undefined): AwsService {
  const found = ({ KeyId: id }: z.output<typeof KeyId>): SigningKey => {
    const key = find(id);
    if (key !== undefined) return key;
    throw new AwsError('NotFoundException', 'The key is not one that signs, or does not exist.');
  };
  return createJsonService({
    target: 'TrentService',
    version: '1.1',
    actions: {
      GetPublicKey: jsonAction({ input: KeyId, run: (input) => describe(found(input)) }),
      Sign: jsonAction({ input: SignInput, run: (input) => signed(found(input), input) }),
    },
  });
}

function describe({ arn, privateKey }: SigningKey): object {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    KeyId: arn,
    PublicKey: der.toString('base64'),
    KeySpec: SPEC,
    CustomerMasterKeySpec: SPEC,
    KeyUsage: 'SIGN_VERIFY',
    SigningAlgorithms: [ALGORITHM],
  };
}

function signed({ arn, privateKey }: SigningKey, input: z.output<typeof SignInput>): object {
  if (input.SigningAlgorithm !== ALGORITHM) {
    throw new AwsError('InvalidKeyUsageException', `The key signs with ${ALGORITHM} only.`);
  }
  // "the ED25519_SHA_512 signing algorithm requires MessageType:RAW" (API reference, Sign)
  const message = Buffer.from(input.Message, 'base64');
  if (input.MessageType !== 'RAW' || message.length > MAX_MESSAGE_BYTES) {
    throw new AwsError(
      'ValidationException',
      `A RAW message of 1 to ${MAX_MESSAGE_BYTES} bytes is expected.`,
    );
  }
  const signature = sign(null, message, privateKey).toString('base64');
  return { KeyId: arn, Signature: signature, SigningAlgorithm: ALGORITHM };
}
