import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { S3TreeObjects } from '../../lib/adapters/s3/tree-objects.ts';
import { createLockedBucket } from '../support/scrub-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const BUCKET = 'audit';

let s3: Fixture;
let tree: S3TreeObjects;
beforeEach(async () => {
  s3 = await startLocalS3();
  await createLockedBucket(s3.client(), BUCKET);
  tree = new S3TreeObjects(s3.client(), BUCKET);
});
afterEach(() => s3.close());

function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

describe('objects of the tree', () => {
  test('are written once: whoever comes later is given what the first one wrote', async () => {
    expect(await tree.settle('checkpoints/1', bytes('first'))).toEqual(bytes('first'));
    expect(Buffer.from(await tree.settle('checkpoints/1', bytes('second'))).toString()).toBe('first');
    expect(Buffer.from(await tree.read('checkpoints/1')).toString()).toBe('first');
  });

  test.each([
    ['tile/0/000.p/1', 'application/octet-stream'],
    ['checkpoints/1', 'text/plain; charset=utf-8'],
    ['vkey', 'text/plain; charset=utf-8'],
  ])('%s is %s, and locked', async (Key, type) => {
    await tree.settle(Key, bytes('x'));
    const head = await s3.client().send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
    expect(head).toMatchObject({ ContentType: type, ObjectLockMode: 'COMPLIANCE' });
  });
});

describe('the pointer', () => {
  test('is nowhere in a log without a checkpoint, and moves from state to state', async () => {
    expect(await tree.pointer()).toBeUndefined();
    expect(await tree.movePointer('one', undefined)).toBe('MOVED');
    const one = await tree.pointer();
    expect(await tree.movePointer('two', one)).toBe('MOVED');
    expect((await tree.pointer())?.note).toBe('two');
    const held = await s3.client().send(new GetObjectCommand({ Bucket: BUCKET, Key: 'checkpoint' }));
    expect(held).toMatchObject({ ContentType: 'text/plain; charset=utf-8', ObjectLockMode: 'COMPLIANCE' });
  });

  test('does not move for a writer that was overtaken', async () => {
    expect(await tree.movePointer('one', undefined)).toBe('MOVED');
    expect(await tree.movePointer('other', undefined)).toBe('OVERTAKEN');
    const one = await tree.pointer();
    expect(await tree.movePointer('two', one)).toBe('MOVED');
    expect(await tree.movePointer('late', one)).toBe('OVERTAKEN');
    expect((await tree.pointer())?.note).toBe('two');
  });

  test('has moved where only the answer was lost', async () => {
    await tree.movePointer('one', undefined);
    expect(await tree.movePointer('one', undefined)).toBe('MOVED');
    const one = await tree.pointer();
    await tree.movePointer('two', one);
    expect(await tree.movePointer('two', one)).toBe('MOVED');
  });

  test('is not found missing where the store fails', async () => {
    const nowhere = new S3TreeObjects(s3.client(), 'no-such-bucket');
    await expect(nowhere.pointer()).rejects.toThrow();
    await expect(nowhere.movePointer('one', undefined)).rejects.toThrow();
  });
});
