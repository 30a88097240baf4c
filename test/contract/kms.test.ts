import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KmsLogSigner } from '../../lib/adapters/kms/log-signer.ts';
import { openNote, signedNote } from '../../lib/domain/log/note.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { clientsOf, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

const ED25519 = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' };
const ARN = 'arn:aws:kms:eu-central-1:000000000000:key/log-key';
const TEXT = 'log.example.com\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';

let aws: LocalAws;
let folder: ReturnType<typeof temporaryFolder>;
beforeEach(async () => {
  folder = temporaryFolder();
  aws = await startLocalAws(folder.path);
  aws.kms.createKey('log-key', ED25519);
});
afterEach(async () => {
  await aws.close();
  folder.remove();
});

function signer(): KmsLogSigner {
  return new KmsLogSigner(clientsOf(aws.endpoint).kms, ARN);
}

async function signedByKms(): Promise<{ note: string; publicKey: Uint8Array }> {
  const publicKey = await signer().publicKey();
  const signature = await signer().sign(Buffer.from(TEXT));
  return { note: signedNote(TEXT, { name: 'log.example.com', publicKey }, signature), publicKey };
}

describe('the key of the log in KMS', () => {
  test('signs what its public key verifies', async () => {
    const { note, publicKey } = await signedByKms();
    expect(publicKey).toHaveLength(32);
    expect(openNote(note, { name: 'log.example.com', publicKey })).toBe(TEXT);
  });

  test('outlives the process, in a file that only its owner may read', async () => {
    const { note, publicKey } = await signedByKms();
    await aws.close();
    const [file = ''] = readdirSync(join(folder.path, 'kms'));
    expect(statSync(join(folder.path, 'kms', file)).mode & 0o777).toBe(0o600);
    aws = await startLocalAws(folder.path);
    aws.kms.createKey('log-key', ED25519);
    expect(await signer().publicKey()).toEqual(publicKey);
    expect((await signedByKms()).note).toBe(note);
  });

  test('is found by its id as well as by its ARN', async () => {
    const { kms } = clientsOf(aws.endpoint);
    const answer = await kms.send(new GetPublicKeyCommand({ KeyId: 'log-key' }));
    expect(answer).toMatchObject({ ...ED25519, KeyId: ARN, SigningAlgorithms: ['ED25519_SHA_512'] });
  });

  test.each([
    ['another key', { KeyId: 'other' }, 'NotFoundException'],
    ['a digest instead of the message', { MessageType: 'DIGEST' as const }, 'ValidationException'],
    ['another algorithm', { SigningAlgorithm: 'ECDSA_SHA_256' as const }, 'InvalidKeyUsageException'],
    ['more than 4,096 bytes', { Message: new Uint8Array(4097) }, 'ValidationException'],
  ])('refuses %s as KMS does', async (_, wrong, name) => {
    const { kms } = clientsOf(aws.endpoint);
    const right = { KeyId: ARN, Message: Buffer.from(TEXT), MessageType: 'RAW' as const };
    const input = { ...right, SigningAlgorithm: 'ED25519_SHA_512' as const, ...wrong };
    await expect(kms.send(new SignCommand(input))).rejects.toMatchObject({ name });
  });

  test('keys that encrypt are declared and do nothing; others that sign are refused', async () => {
    aws.kms.createKey('state-key', {});
    const { kms } = clientsOf(aws.endpoint);
    await expect(kms.send(new GetPublicKeyCommand({ KeyId: 'state-key' }))).rejects.toThrow();
    expect(() => aws.kms.createKey('rsa', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })).toThrow(
      'RSA_2048',
    );
  });

  test('an answer without what it should hold is an error, and nothing is signed with it', async () => {
    const { kms } = clientsOf(aws.endpoint);
    kms.middlewareStack.add(() => async () => ({ output: { $metadata: {} }, response: {} }), {
      step: 'initialize',
    });
    const broken = new KmsLogSigner(kms, ARN);
    await expect(broken.publicKey()).rejects.toMatchObject({ code: 'LOG_KEY_UNUSABLE' });
    await expect(broken.sign(Buffer.from(TEXT))).rejects.toMatchObject({ code: 'LOG_KEY_UNUSABLE' });
  });
});
