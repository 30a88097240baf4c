import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { check } from './ask.ts';
import { runCommand } from './run-command.ts';
import { eventually, type RunningStack, startStack } from './running-stack.ts';

const PERSON = '+13125550123';
const OTHER = '+13125550124';
const DAY_MS = 86_400_000;

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(async () => {
  await running.stop();
});

const day = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);

async function drop(name: string, body: string | Uint8Array): Promise<void> {
  const { aws, endpoints } = running.connection;
  const Key = `registry/us-national/incoming/${name}`;
  await new S3Client(aws).send(new PutObjectCommand({ Bucket: endpoints.buckets.registry, Key, Body: body }));
}

/** The reasons about the registry that a check of the person gives. */
async function registryReasons(): Promise<readonly string[]> {
  const request = {
    phoneNumber: PERSON,
    channel: 'VOICE',
    purpose: 'MARKETING',
    seller: 'acme',
    technology: 'LIVE',
  };
  const { reasons } = await check(running.connection, request);
  return reasons.map(({ code }) => code).filter((code) => code.startsWith('REGISTRY_'));
}

async function command(...args: string[]) {
  return runCommand(['--endpoints', running.endpointsFile, 'registry', ...args]);
}

describe('a list that is dropped into the registry bucket', () => {
  it('blocks the next check of a number on it, until a newer list comes without the number', async () => {
    expect(await registryReasons()).toEqual(['REGISTRY_UNAVAILABLE']);
    await drop(
      `${day(7)}_national.txt.zip`,
      zipSync({ 'list.txt': Buffer.from('312,5550123\n312,5550199\n') }),
    );
    await eventually('the number is listed', async () =>
      (await registryReasons()).includes('REGISTRY_LISTED') ? true : undefined,
    );
    await drop(`${day(1)}.txt`, '312,5550124\n312,5550199\n');
    await eventually('the number is free', async () =>
      (await registryReasons()).length === 0 ? true : undefined,
    );
  });

  it('is told of by the commands: in use, refused, entered and left, and for one number', async () => {
    await drop(`${day(3)}.txt`, '312,5550123\n');
    const status = await eventually('the older list is refused', async () => {
      const { stdout } = await command('status');
      return stdout.includes('REFUSED, OLDER_VERSION') ? stdout : undefined;
    });
    expect(status).toMatch(new RegExp(`us-national: version of ${day(1)}, 1 of 31 days old, 2 numbers`));
    expect((await command('diff')).stdout).toContain('+1312: 1 entered, 1 left');
    expect((await command('check', OTHER)).stdout).toMatch(/us-national: LISTED/);
    expect((await command('check', PERSON)).stdout).toMatch(/us-national: not listed/);
    const { stdout } = await command('--json', 'check', PERSON);
    expect(z.array(z.object({ listed: z.boolean() })).parse(JSON.parse(stdout))).toEqual([
      expect.objectContaining({ listed: false }),
    ]);
  });
});
