import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { S3LogSource } from '../../lib/adapters/s3/log-source.ts';
import { findLineAt } from '../../lib/domain/verify/find-line.ts';
import { ProofMaker } from '../../lib/domain/verify/make-proof.ts';
import { readVerifierKey } from '../../lib/domain/verify/note.ts';
import { checkProofFile } from '../../lib/domain/verify/proof-file.ts';
import { type Verification, verifyLog } from '../../lib/domain/verify/verify-log.ts';
import { decisionEntry, factEntry } from '../support/entries.ts';
import { NOON } from '../support/facts.ts';
import { dyingAt, startAuditLog, type TestAuditLog } from './audit-log-fixture.ts';

let log: TestAuditLog;
beforeEach(async () => {
  log = await startAuditLog();
});
afterEach(() => log.stop());

const source = (): S3LogSource =>
  new S3LogSource(log.s3.client(), { bucket: log.bucket, prefix: '', now: log.s3.now() });

async function verified(): Promise<Verification> {
  const verification = await verifyLog(source(), {});
  if (verification === undefined) throw new Error('no log');
  return verification;
}

let n = 0;
async function commit(count: number): Promise<void> {
  for (let nth = 0; nth < count; nth += 1) {
    n += 1;
    await log.commit(n % 3 === 0 ? factEntry({ n, at: NOON + n }) : decisionEntry({ n, at: NOON + n }));
  }
}

describe('what append-audit-log wrote', () => {
  it('is whole, and every entry of it can be proved', async () => {
    for (const count of [0, 1, 7, 0, 12]) {
      await commit(count);
      await log.newRun(undefined, { entries: 5, size: 1_000_000 }).run();
    }
    const whole = await verified();
    expect(whole).toMatchObject({ findings: [], entries: 20, signedSize: 20 });
    const maker = await ProofMaker.open(source());
    const key = readVerifierKey(whole.vkey ?? '');
    for (const [index, line] of (await log.lines()).entries()) {
      const found = await findLineAt(source(), index);
      expect(found).toEqual({ index, line });
      expect(checkProofFile(await maker.entry({ index, line }), key)).toMatchObject({ holds: true, index });
    }
  });

  it('is whole after runs that were killed anywhere', async () => {
    for (let nth = 1; nth <= 22; nth += 3) {
      for (const moment of ['BEFORE', 'AFTER'] as const) {
        await commit(2);
        await log
          .newRun(dyingAt(nth, moment))
          .run()
          .catch(() => undefined);
      }
      await log.newRun().run();
      expect(await verified()).toMatchObject({ findings: [] });
    }
  });
});
