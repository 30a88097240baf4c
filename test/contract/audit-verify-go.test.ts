import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadLog } from '../../lib/adapters/file-system/download-log.ts';
import { S3LogSource } from '../../lib/adapters/s3/log-source.ts';
import { findLineAt } from '../../lib/domain/verify/find-line.ts';
import type { LogSource } from '../../lib/domain/verify/log-source.ts';
import { ProofMaker } from '../../lib/domain/verify/make-proof.ts';
import { buildGoVerifier, type GoVerifier } from '../support/audit/go-verifier.ts';
import { MemoryLog } from '../support/audit/memory-log.ts';
import * as tamper from '../support/audit/tamper.ts';
import { newLogKey, planOf, writeLog } from '../support/audit/test-log.ts';
import { decisionEntry } from '../support/entries.ts';
import { NOON } from '../support/facts.ts';
import { Random } from '../support/random.ts';
import { startAuditLog } from './audit-log-fixture.ts';

// What Go's reading of a log can see: it knows of no versions, locks or other objects.
const { bitFlip, deleteEntry, insertEntry, swapEntries, duplicateEntry, rechain } = tamper;
const SEEN = { bitFlip, deleteEntry, insertEntry, swapEntries, duplicateEntry, rechain };
const PLACES = 8;

let folder: string;
let verify: GoVerifier;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'audit-go-'));
  verify = await buildGoVerifier(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
async function copyOf(source: LogSource): Promise<string> {
  copies += 1;
  const out = join(folder, `copy-${copies}`);
  await downloadLog(source, { name: 'log', folder: out, onVersion: () => undefined });
  return out;
}

function file(text: string): string {
  copies += 1;
  const path = join(folder, `proof-${copies}.json`);
  writeFileSync(path, text);
  return path;
}

describe("Go's reading of a log and its proofs", () => {
  const plan = planOf([4, 0, 290, 7, 3]);
  const written = writeLog(plan);
  const { vkey } = plan.key;

  it('accepts an untouched log, under its own key alone', async () => {
    const copy = await copyOf(new MemoryLog(written));
    expect(await verify(vkey, [copy])).toEqual(['ok']);
    expect(await verify(newLogKey().vkey, [copy])).not.toEqual(['ok']);
  });

  it('accepts what append-audit-log wrote', async () => {
    const log = await startAuditLog();
    try {
      for (const batch of [1, 2, 3]) {
        for (let n = 0; n < batch * 3; n += 1)
          await log.commit(decisionEntry({ n: batch * 10 + n, at: NOON + n }));
        await log.newRun().run();
      }
      const source = new S3LogSource(log.s3.client(), { bucket: log.bucket, prefix: '', now: log.s3.now() });
      const own = await source.read('vkey');
      const key = own.state === 'READ' ? own.bytes.toString().trimEnd() : '';
      const maker = await ProofMaker.open(source);
      const found = await findLineAt(source, 7);
      const proof = file(found === undefined ? '' : await maker.entry(found));
      expect(await verify(key, [await copyOf(source), proof])).toEqual(['ok', 'ok']);
    } finally {
      await log.stop();
    }
  });

  it.each(Object.entries(SEEN))('rejects %s', async (_, doIt) => {
    const random = new Random(5);
    const paths: string[] = [];
    while (paths.length < PLACES) {
      const log = new MemoryLog(written);
      const { key = '' } = doIt({ log, plan, written }, random);
      // Documents, evidence and the key are other matters, and so are tiles of trees that have grown since.
      if (/^(entries|checkpoints)\//.test(key)) paths.push(await copyOf(log));
    }
    expect((await verify(vkey, paths)).filter((said) => said === 'ok')).toEqual([]);
  });

  it('accepts our proofs, and none with a changed byte in what is proved', async () => {
    const maker = await ProofMaker.open(new MemoryLog(written));
    const found = await findLineAt(new MemoryLog(written), 133);
    const text = found === undefined ? '' : await maker.entry(found);
    const noteOf = (size: number): string =>
      written.find(({ key }) => key === `checkpoints/${size}`)?.bytes.toString() ?? '';
    const grown = await maker.consistency(noteOf(4), noteOf(304));
    expect(await verify(vkey, [file(text), file(grown)])).toEqual(['ok', 'ok']);
    const wrong = [
      text.replace('BLOCK', 'ALLOW'),
      text.replace('index 133', 'index 134'),
      text.replace(/(index 133\\n)(.)/, (_, index, first) => `${index}${first === 'A' ? 'B' : 'A'}`),
      text.replace('\\n304\\n', '\\n305\\n'),
      grown.replace('\\n4\\n', '\\n5\\n'),
      grown.replace(/("path": \[\s+")(.)/, (_, before, first) => `${before}${first === 'A' ? 'B' : 'A'}`),
    ];
    expect(wrong.filter((changed) => changed === text || changed === grown)).toEqual([]);
    expect((await verify(vkey, wrong.map(file))).filter((said) => said === 'ok')).toEqual([]);
  });
});
