import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { DAY_MS, startLocalS3 } from './local-s3.ts';
import { Bucket, client, filesIn, head, hostS3, put, restart, s3, text, version } from './s3-fixture.ts';

hostS3();

describe('a restart', () => {
  test('finds everything as it was', async () => {
    await version();
    const { VersionId: first } = await put('a', { Body: 'one', Metadata: { k: 'v' } });
    await put('a', { Body: 'two' });
    await put('b');
    const { VersionId: marker } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
    await restart();
    expect(await text('a')).toBe('two');
    expect((await head('a', { VersionId: first })).Metadata).toEqual({ k: 'v' });
    const { DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(DeleteMarkers?.map(({ VersionId }) => VersionId)).toEqual([marker]);
    const sequencers = s3.events.map(({ sequencer }) => sequencer);
    await put('c');
    expect(sequencers.every((one) => one < (s3.events.at(-1)?.sequencer ?? ''))).toBe(true);
  });

  test('sweeps away what a crash left half-done', async () => {
    await put('a');
    const [body = ''] = filesIn(join(s3.folder, 'buckets', Bucket, 'objects'));
    const stray = join(body, '..', '00000000-0000-0000-0000-000000000000.body');
    writeFileSync(stray, 'half');
    writeFileSync(join(s3.folder, 'temporary', 'half.body'), 'half');
    await restart();
    expect([existsSync(stray), readdirSync(join(s3.folder, 'temporary'))]).toEqual([false, []]);
    expect(await text('a')).toBe('body');
  });

  test('stops at a record that it cannot read, rather than forget an object', async () => {
    const other = await startLocalS3();
    other.local().createBucket({ name: 'damaged', versioned: false });
    await other.client().send(new PutObjectCommand({ Bucket: 'damaged', Key: 'a', Body: 'x' }));
    const record = filesIn(other.folder).find((path) => path.endsWith('null.json')) ?? '';
    const whole = readFileSync(record, 'utf8');
    writeFileSync(record, whole.slice(0, 40));
    await expect(other.restart()).rejects.toThrow(/null\.json is not a record/);
    rmSync(other.folder, { recursive: true });
  });

  test('keeps a bucket that is created again, and can extend its lock', async () => {
    await put('a');
    s3.local().createBucket({ name: Bucket, versioned: true, objectLock: { mode: 'COMPLIANCE', days: 1 } });
    expect(await text('a')).toBe('body');
    await put('b');
    const { ObjectLockRetainUntilDate } = await head('b');
    expect((ObjectLockRetainUntilDate?.getTime() ?? 0) - s3.now()).toBeGreaterThan(DAY_MS / 2);
  });
});
