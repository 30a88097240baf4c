import { describe, expect, it } from 'vitest';
import { DynamoScrubJobs } from '../../lib/adapters/dynamodb/scrub-jobs.ts';
import { jobIdOf } from '../../lib/domain/scrub/job.ts';
import { TABLES } from '../support/dynalite.ts';
import { mortality } from '../support/killable.ts';
import { phoneToken, WATERMARK } from '../support/scrub.ts';
import {
  batch,
  ENTRY_ID,
  INBOX,
  itemsIn,
  objectsIn,
  optOut,
  outputsIn,
  put,
  scrubLambda,
} from '../support/scrub-world.ts';
import {
  buckets,
  clients,
  dynamo,
  killableLambda,
  LIST,
  scrubEntries,
  startAfresh,
  verifiedManifest,
} from './scrub-fixture.ts';

describe('a scrub that fails', () => {
  it('is delivered again, alone of its batch, and publishes nothing', async () => {
    const good = await put(clients.s3, 'contact-lists/winback/good.csv', LIST);
    const bad = await put(clients.s3, 'contact-lists/winback/bad.csv', LIST.replace('a1', 'b1'));
    const { bucket, key, versionId } = {
      bucket: INBOX,
      key: 'contact-lists/winback/bad.csv',
      versionId: JSON.parse(bad).detail.object['version-id'],
    };
    const jobs = new DynamoScrubJobs(dynamo.client, TABLES.cases, () => 'another run');
    const pins = { basis: '0'.repeat(64), watermark: WATERMARK, entryId: ENTRY_ID, registries: [] };
    await jobs.claim(jobIdOf({ bucket, key, versionId }), pins, WATERMARK);
    const { run, told } = scrubLambda(clients, buckets);
    expect(await run(batch(good, bad))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(told.lines.join()).toContain('JOB_RUNNING');
    expect((await objectsIn(clients.s3, buckets.outbox)).size).toBe(6);
  });

  it('ends in the same bytes after being killed at any call and begun again', async () => {
    const body = await put(clients.s3, 'contact-lists/winback/killed.csv', LIST);
    const counting = mortality();
    await killableLambda(counting).run(batch(body));
    const expected = await objectsIn(clients.s3, buckets.outbox);
    const evidence = await objectsIn(clients.s3, buckets.audit);
    expect(counting.calls).toContain('PutObjectCommand');
    for (let call = 1; call <= counting.calls.length; call += 1) {
      for (const when of ['BEFORE', 'AFTER'] as const) {
        await startAfresh();
        const dying = mortality();
        dying.killAt(call, when);
        await killableLambda(dying).run(batch(body));
        const atDeath = await verifiedManifest(buckets);
        const begun = (await itemsIn(dynamo.client, TABLES.cases)).length > 0;
        const revived = scrubLambda(clients, buckets, WATERMARK + 17 * 60_000);
        expect(await revived.run(batch(body))).toEqual({ batchItemFailures: [] });
        expect(await verifiedManifest(buckets)).toMatchObject(atDeath ?? { outcome: 'SCRUBBED' });
        expect(await scrubEntries()).toHaveLength(1);
        if (!begun) continue;
        expect(await objectsIn(clients.s3, buckets.outbox)).toEqual(expected);
        expect(await objectsIn(clients.s3, buckets.audit)).toEqual(evidence);
      }
    }
  });

  it('decides anew when somebody opted out before it was begun again', async () => {
    const body = await put(clients.s3, 'contact-lists/winback/late.csv', LIST);
    const counting = mortality();
    await killableLambda(counting).run(batch(body));
    const evidenceCall = counting.calls.indexOf('PutObjectCommand') + 1;
    await startAfresh();
    const dying = mortality();
    dying.killAt(evidenceCall, 'AFTER');
    await killableLambda(dying).run(batch(body));
    expect(await objectsIn(clients.s3, buckets.audit)).not.toEqual(new Map());
    await optOut(dynamo.client, phoneToken('+12125550108'));
    const later = WATERMARK + 17 * 60_000;
    expect(await scrubLambda(clients, buckets, later).run(batch(body))).toEqual({ batchItemFailures: [] });
    const manifest = await verifiedManifest(buckets);
    expect(manifest).toMatchObject({ watermark: new Date(later).toISOString() });
    expect(manifest?.evidence?.key).toMatch(/\.2\.ndjson\.gz$/);
    expect((await outputsIn(clients.s3, buckets.outbox)).get('approved.csv')).not.toContain('2125550108');
  });
});
