import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SuppressionDrop } from '../../lib/adapters/s3/suppression-drop.ts';
import { DiallerList } from '../../lib/domain/dialler/dialler.ts';
import { listing, numberAt } from '../support/listings.ts';
import { BUCKET, filesOf } from './dialler-worlds.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

const [A, B] = [numberAt(0), numberAt(1)];
const AT = Date.parse('2026-11-22T09:05:06.007Z');
const list = DiallerList.parse({ channels: ['VOICE', 'EMAIL'], seller: 'brand-a' });

let s3: Fixture;
beforeEach(async () => {
  s3 = await startLocalS3();
  await s3.client().send(new CreateBucketCommand({ Bucket: BUCKET }));
});
afterEach(() => s3.close());

function drop(newId = () => 'id-1', now = () => AT) {
  return new SuppressionDrop({ name: 'legacy-pbx', client: s3.client(), bucket: BUCKET, now, newId });
}

describe('a file of suppressions', () => {
  it('has a line for each contact point, under the day and the moment', async () => {
    const listings = [listing(A, { until: AT + 1 }), listing('casey.fixture@example.com', { listed: false })];
    expect(await drop().apply(list, listings)).toEqual([]);
    expect(await filesOf(s3.client())).toEqual([
      {
        key: 'diallers/legacy-pbx/2026-11-22/090506007-id-1.csv',
        text: [
          '"contactPoint","action","until","channels","seller"',
          `"${A}","LIST","2026-11-22T09:05:06.008Z","VOICE EMAIL","brand-a"`,
          '"casey.fixture@example.com","DELIST","","VOICE EMAIL","brand-a"',
          '',
        ].join('\r\n'),
      },
    ]);
  });

  it('is never written over, and not written at all where there is nothing to say', async () => {
    await drop().apply(list, [listing(A)]);
    await drop().apply(list, [listing(B)]);
    await drop(() => 'id-2').apply({ ...list, channels: ['EMAIL'] }, [listing(B)]);
    const files = await filesOf(s3.client());
    expect(files.map(({ text }) => [text.includes(A), text.includes(B)])).toEqual([[true, false]]);
  });

  it('comes after an earlier one of the same second', async () => {
    await drop(
      () => 'z',
      () => AT,
    ).apply(list, [listing(A)]);
    await drop(
      () => 'a',
      () => AT + 1,
    ).apply(list, [listing(A, { listed: false })]);
    const files = await filesOf(s3.client());
    expect(files.map(({ text }) => text.includes('"DELIST"'))).toEqual([false, true]);
  });

  it.each(['=1+1@example.com', '-2@example.com', '+3@example.com'])(
    'does not hold an address that a spreadsheet runs: %s',
    async (address) => {
      const refused = await drop().apply(list, [listing(address), listing(A)]);
      expect(refused).toEqual([{ token: listing(address).token, cause: 'LIKE_A_FORMULA' }]);
      const [file] = await filesOf(s3.client());
      expect(file?.text).not.toContain(address);
      expect(file?.text).toContain(`"${A}"`);
    },
  );
});
