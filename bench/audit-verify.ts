import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LogCopy } from '../lib/adapters/file-system/log-copy.ts';
import { verifyLog } from '../lib/domain/verify/verify-log.ts';
import { writeSampleLog } from './sample-log.ts';
import type { Row } from './samples.ts';

const GOAL_PER_SECOND = 400_000;

/** Verifying a downloaded log, against gunzipping the same objects and hashing each line: by the core, of CPU time. */
export async function benchAuditVerify(entries: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-audit-verify-'));
  try {
    const objects = await writeSampleLog(folder, entries);
    const floor = await cpuOf(() => gunzipAndHash(folder, objects));
    const copy = await LogCopy.open(folder);
    const work = await cpuOf(async () => {
      const verification = await verifyLog(copy, {});
      if (verification?.entries !== entries || verification.findings.length > 0) {
        throw new Error(`expected a whole log: ${JSON.stringify(verification?.findings.slice(0, 3))}`);
      }
    });
    const perSecond = entries / (work.cpuMs / 1000);
    return [
      {
        work: `verify ${entries} entries`,
        baseline: 'gunzip and SHA-256 of each line, same bytes',
        figures: `${Math.round(perSecond / 1000)} k/s a core; resident memory at most ${work.peakMb} MB`,
        ratio: `CPU ${(work.cpuMs / floor.cpuMs).toFixed(2)}`,
        goal: `>= ${GOAL_PER_SECOND / 1000} k/s`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function gunzipAndHash(folder: string, objects: readonly string[]): Promise<void> {
  for (const key of objects) {
    const text = gunzipSync(await readFile(join(folder, key)));
    for (let from = 0; from < text.length; ) {
      const end = text.indexOf(0x0a, from);
      hash('sha256', text.subarray(from, end), 'buffer');
      from = end + 1;
    }
  }
}

async function cpuOf(
  work: () => Promise<void>,
): Promise<{ readonly cpuMs: number; readonly peakMb: number }> {
  let peak = 0;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const began = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(began);
  clearInterval(watching);
  return { cpuMs: (user + system) / 1000, peakMb: Math.round(peak / 1e6) };
}

if (import.meta.main) {
  for (const entries of process.argv.slice(2).map(Number)) {
    for (const row of await benchAuditVerify(entries)) process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
