import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { canonicalJson, sha256Hex } from '../../lib/domain/canonical-json.ts';
import { policyKey } from '../../lib/domain/policy/archive.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { startLocalS3 } from './local-s3.ts';

const Bucket = 'audit';
let client: S3Client;
let policies: S3Policies;

beforeEach(async () => {
  const s3 = await startLocalS3();
  client = s3.client();
  await client.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  policies = new S3Policies(client, Bucket);
  return () => s3.close();
});

const put = (hash: string, Body: string) =>
  client.send(new PutObjectCommand({ Bucket, Key: policyKey(hash), Body }));

describe('policy documents in the audit bucket', () => {
  test('are kept once under their hash, as the text that hashes to it, and found again', async () => {
    const { hash } = DEFAULT_POLICY;
    expect(await policies.has(hash)).toBe(false);
    expect(await policies.find(hash)).toBeUndefined();
    await policies.keep(DEFAULT_POLICY);
    await new S3Policies(client, Bucket).keep(DEFAULT_POLICY);
    expect(await policies.has(hash)).toBe(true);
    expect(await new S3Policies(client, Bucket).find(hash)).toEqual(DEFAULT_POLICY);
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions.map(({ Key }) => Key)).toEqual([`policies/${hash}.json`]);
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: policyKey(hash) }));
    expect(sha256Hex((await Body?.transformToString()) ?? '')).toBe(hash);
  });

  test('at hand need no reading', async () => {
    const { hash } = DEFAULT_POLICY;
    expect(await new S3Policies(client, 'no-such-bucket', [DEFAULT_POLICY]).find(hash)).toBe(DEFAULT_POLICY);
  });

  test('that were altered are refused', async () => {
    const { hash } = DEFAULT_POLICY;
    await put(hash, '{}');
    await expect(policies.find(hash)).rejects.toMatchObject({ code: 'POLICY_BROKEN' });
  });

  test('of a form that this version does not know cannot be had', async () => {
    const text = canonicalJson({ version: '2099.1', rules: [{ kind: 'moonPhase' }] });
    await put(sha256Hex(text), text);
    expect(await policies.find(sha256Hex(text))).toBeUndefined();
    expect(await policies.has(sha256Hex(text))).toBe(true);
  });

  test('are not said to be absent where the store fails', async () => {
    await expect(new S3Policies(client, 'no-such-bucket').find(DEFAULT_POLICY.hash)).rejects.toThrow();
  });
});
