import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consent, optOut } from './preferences.ts';
import { runCommand } from './run-command.ts';
import { eventually, type RunningStack, startStack } from './running-stack.ts';

const PHONE = '+12125550161';
const OTHER = '+12125550162';

let running: RunningStack;
beforeAll(async () => {
  running = await startStack('US');
});
afterAll(() => running?.stop());

/** Every line of every file for the dialler, oldest first. */
async function lines(): Promise<string[]> {
  const { aws, endpoints } = running.connection;
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  const Bucket = endpoints.buckets.privacy;
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'diallers/legacy-pbx/' }),
  );
  const texts = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    }),
  );
  return texts.flatMap((text) => text.split('\r\n').slice(1, -1));
}

function dialguard(...args: readonly string[]) {
  return runCommand(['--endpoints', running.endpointsFile, 'diallers', ...args]);
}

async function nextLine(at: number): Promise<string> {
  return await eventually('a line for the dialler', async () => (await lines())[at]);
}

describe('a dialler that reads files', () => {
  it('is told of an opt-out, and of a later consent that lifts it', async () => {
    await optOut(running.connection, { phoneNumber: PHONE });
    expect(await nextLine(0)).toMatch(/^"\+12125550161","LIST",/);
    await consent(running.connection, {
      phoneNumber: PHONE,
      channel: 'ALL',
      purpose: 'MARKETING',
      // The list is of every seller.
      seller: '*',
      status: 'GRANTED',
      proof: { textVersion: 'web-2026-03', capturedBy: 'WEB_FORM', evidenceSha256: 'ab'.repeat(32) },
    });
    expect(await nextLine(1)).toMatch(/^"\+12125550161","DELIST",/);
  });

  it('is told everything anew, and shows how it does', async () => {
    await optOut(running.connection, { phoneNumber: OTHER });
    await nextLine(2);
    const resync = await dialguard('resync', 'legacy-pbx');
    expect(resync).toMatchObject({ code: 0, stdout: '2 contact points are on their way to legacy-pbx.\n' });
    await nextLine(4);
    const anew = (await lines())
      .slice(3)
      .map((line) => line.split(',').slice(0, 2).join(' '))
      .toSorted();
    expect(anew).toEqual([`"${PHONE}" "DELIST"`, `"${OTHER}" "LIST"`]);
    const status = await dialguard('status');
    expect(status).toMatchObject({ code: 0 });
    expect(status.stdout).toMatch(/^legacy-pbx +OK +0 +0 +20/m);
    expect(await dialguard('reconcile', 'legacy-pbx')).toMatchObject({
      code: 1,
      stderr:
        'dialguard: A dialler of the kind file cannot be asked what it knows; tell it anew with resync.\n',
    });
    expect((await dialguard('resync', 'north')).stderr).toContain(
      'There is no dialler north; there are: legacy-pbx.',
    );
  });
});
