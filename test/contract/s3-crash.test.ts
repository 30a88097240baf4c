import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { credentials } from './local-s3.ts';

const Bucket = 'killed';
const SIZE = 1024 * 1024;

let folder = '';
const processes: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-s3-crash-'));
});
afterEach(() => {
  for (const one of processes.splice(0)) one.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start() {
  const script = join(import.meta.dirname, 's3-process.ts');
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const [line] = await once(child.stdout, 'data');
  const { port } = z.object({ port: z.int() }).parse(JSON.parse(String(line)));
  const endpoint = `http://127.0.0.1:${port}`;
  return { child, client: new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 }) };
}

test('a killed process leaves every acknowledged object, and none that is not whole', async () => {
  const { child, client } = await start();
  const acknowledged: string[] = [];
  const exited = once(child, 'exit');
  const writer = async (name: string): Promise<void> => {
    for (let i = 0; child.exitCode === null && child.signalCode === null; i += 1) {
      const Key = `${name}-${i}`;
      const written = await client
        .send(new PutObjectCommand({ Bucket, Key, Body: Buffer.alloc(SIZE, Key) }))
        .then(
          () => true,
          () => false,
        );
      if (written) acknowledged.push(Key);
      if (acknowledged.length >= 20) child.kill('SIGKILL');
    }
  };
  await Promise.all(['a', 'b', 'c', 'd'].map(writer));
  await exited;

  const again = await start();
  const { Contents = [] } = await again.client.send(new ListObjectsV2Command({ Bucket }));
  const keys = Contents.map(({ Key = '' }) => Key);
  expect(keys).toEqual(expect.arrayContaining(acknowledged));
  for (const Key of keys) {
    const { Body } = await again.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(Buffer.from((await Body?.transformToByteArray()) ?? []).equals(Buffer.alloc(SIZE, Key))).toBe(
      true,
    );
  }
  expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
});
