import { describe, expect, it } from 'vitest';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import { mortality } from '../support/killable.ts';
import { batch, INBOX, message, objectsIn, outputsIn, put, scrubLambda } from '../support/scrub-world.ts';
import {
  buckets,
  clients,
  killableLambda,
  LIST,
  PROFILE,
  scrubEntries,
  verifiedManifest,
} from './scrub-fixture.ts';

describe('a list that is refused', () => {
  it.each([
    {
      what: 'a ragged row',
      key: 'contact-lists/winback/a.csv',
      file: `Id,Home,Cell\na,2125550100,\nb\n`,
      cause: 'RAGGED_ROW',
      line: 3,
    },
    {
      what: 'a defect in its last row',
      key: 'contact-lists/winback/b.csv',
      file: `Id,Home,Cell\n${'a,2125550100,\n'.repeat(3000)}"`,
      cause: 'UNCLOSED_QUOTE',
      line: 3002,
    },
    { what: 'an empty file', key: 'contact-lists/winback/c.csv', file: Buffer.alloc(0), cause: 'EMPTY_FILE' },
    { what: 'no profile', key: 'contact-lists/unknown/d.csv', file: LIST, cause: 'PROFILE_MISSING' },
  ])(
    'for $what gives a report, an entry and a manifest, and no approved rows',
    async ({ key, file, cause, line }) => {
      const body = await put(clients.s3, key, file);
      const { run, told } = scrubLambda(clients, buckets);
      expect(await run(batch(body))).toEqual({ batchItemFailures: [] });
      const outputs = await outputsIn(clients.s3, buckets.outbox);
      expect([...outputs.keys()].toSorted()).toEqual(['manifest.json', 'report.json']);
      const report = JSON.parse(outputs.get('report.json') ?? '');
      expect(report).toMatchObject({ outcome: 'REJECTED', cause });
      expect(report.line).toBe(line);
      expect(await verifiedManifest(buckets)).toMatchObject({ outcome: 'REJECTED' });
      expect(await scrubEntries()).toMatchObject([{ outcome: 'REJECTED', cause }]);
      expect(await objectsIn(clients.s3, buckets.audit)).toEqual(new Map());
      expect(told.values('ScrubRejectedFileCount')).toEqual([1]);
    },
  );

  it.each([
    ['no JSON', '{'],
    ['an unknown member', JSON.stringify({ ...PROFILE, phoneColumn: 'x' })],
    ['no column', JSON.stringify({ ...PROFILE, phoneColumns: [] })],
    ['a column named twice', JSON.stringify({ ...PROFILE, emailColumns: ['Home'] })],
    ['an unknown channel', JSON.stringify({ ...PROFILE, channel: 'FAX' })],
  ])('for a profile with %s', async (_, text) => {
    await put(clients.s3, 'profiles/broken.json', text);
    const body = await put(clients.s3, 'contact-lists/broken/a.csv', LIST);
    await scrubLambda(clients, buckets).run(batch(body));
    const outputs = await outputsIn(clients.s3, buckets.outbox);
    expect(JSON.parse(outputs.get('report.json') ?? '')).toMatchObject({ cause: 'PROFILE_INVALID' });
    expect(outputs.has('approved.csv')).toBe(false);
  });

  it('after parts of it were uploaded takes them back', async () => {
    const row = `a,2125550100,,"${'x'.repeat(2000)}"\n`;
    const list = `Id,Home,Cell,Note\n${row.repeat(8000)}ragged\n`;
    const body = await put(clients.s3, 'contact-lists/winback/late-defect.csv', list);
    const counting = mortality();
    expect(await killableLambda(counting).run(batch(body))).toEqual({ batchItemFailures: [] });
    const outputs = await outputsIn(clients.s3, buckets.outbox);
    expect([...outputs.keys()].toSorted()).toEqual(['manifest.json', 'report.json']);
    const count = (name: string) => counting.calls.filter((call) => call === name).length;
    expect(count('CreateMultipartUploadCommand')).toBe(1);
    await expect.poll(() => count('AbortMultipartUploadCommand')).toBe(1);
    expect(count('CompleteMultipartUploadCommand')).toBe(0);
  });

  it('because it is gone', async () => {
    const key = 'contact-lists/winback/gone.csv';
    await scrubLambda(clients, buckets).run(batch(message(key, '00000000000000000000000000000000')));
    const report = (await outputsIn(clients.s3, buckets.outbox)).get('report.json') ?? '{}';
    expect(JSON.parse(report)).toMatchObject({ cause: 'INPUT_MISSING' });
  });

  it.each([
    'contact-lists/winback/../../profiles/winback.csv',
    'contact-lists/../winback/a.csv',
    'contact-lists/winback/..%2f..%2fa.csv',
    'contact-lists/winback/%252e%252e/a.csv',
    'contact-lists/winback/a+b.csv',
    'contact-lists/winback/a\0.csv',
    'contact-lists/winback/.csv',
    'contact-lists/winback/ａ.csv',
    'contact-lists/winback/a.csv\n',
    'contact-lists/winback/a.txt',
    'contact-lists/winback/sub/a.csv',
    'contact-lists/2125550100/a.csv',
    'contact-lists/__proto__/a.csv',
    'contact-lists/winback/',
    'contact-lists//a.csv',
    `contact-lists/winback/${'a'.repeat(900)}.csv`,
    '/etc/passwd',
  ])('for the key %j is parked with a report and not delivered again', async (key) => {
    expect(await scrubLambda(clients, buckets).run(batch(message(key)))).toEqual({ batchItemFailures: [] });
    const objects = await objectsIn(clients.s3, buckets.outbox);
    const jobId = jobIdOf({ bucket: INBOX, key, versionId: 'v1' });
    expect([...objects.keys()]).toEqual([
      `scrubs/_parked/${jobId}/manifest.json`,
      `scrubs/_parked/${jobId}/report.json`,
    ]);
    const [, report] = [...objects.values()];
    expect(JSON.parse(String(report))).toMatchObject({ cause: 'BAD_KEY' });
  });

  it.each([
    ['no JSON', '{'],
    ['another event', JSON.stringify({ source: 'aws.ec2' })],
    ['another bucket', message('contact-lists/winback/a.csv', 'v1', 'elsewhere')],
  ])('for a message that is %s is parked', async (_, body) => {
    expect(await scrubLambda(clients, buckets).run(batch(body))).toEqual({ batchItemFailures: [] });
    const report = (await outputsIn(clients.s3, buckets.outbox)).get('report.json') ?? '{}';
    expect(JSON.parse(report)).toMatchObject({ cause: 'BAD_EVENT' });
  });
});
