import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { LogCopy } from '../lib/adapters/file-system/log-copy.ts';
import { verifyLog } from '../lib/domain/verify/verify-log.ts';
import { writeSampleLog } from './sample-log.ts';
import type { Row } from './samples.ts';

const WORKS: Readonly<Record<string, (folder: string) => Promise<number>>> = { verify, floor: gunzipAndHash };
const Measured = z.object({ entries: z.number(), cpuMs: z.number(), peakMb: z.number() });
const run = promisify(execFile);

/**
 * Verifying a downloaded log, against gunzipping the same objects and hashing each line: in processes of their own, by
 * the core, of CPU time.
 */
export async function benchAuditVerify(entries: number): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-audit-verify-'));
  try {
    await writeSampleLog(folder, entries);
    const floor = await measured('floor', folder);
    const work = await measured('verify', folder);
    if (work.entries !== floor.entries) throw new Error('expected the same entries of both');
    const rate = ({ cpuMs }: { readonly cpuMs: number }) => `${Math.round(entries / cpuMs)} k/s`;
    return [
      {
        work: `verify ${entries} entries of 965 bytes`,
        baseline: `gunzip and SHA-256 of each line, same bytes (${rate(floor)})`,
        figures: `${rate(work)} a core; at most ${work.peakMb} MB`,
        ratio: `CPU ${(work.cpuMs / floor.cpuMs).toFixed(2)}`,
        goal: '>= 400 k/s',
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(work: string, folder: string): Promise<z.infer<typeof Measured>> {
  const { stdout } = await run(process.execPath, [import.meta.filename, work, folder]);
  return Measured.parse(JSON.parse(stdout));
}

async function verify(folder: string): Promise<number> {
  const verification = await verifyLog(await LogCopy.open(folder), {});
  if (verification === undefined || verification.findings.length > 0) {
    throw new Error(`expected a whole log: ${JSON.stringify(verification?.findings.slice(0, 3))}`);
  }
  return verification.entries;
}

async function gunzipAndHash(folder: string): Promise<number> {
  let entries = 0;
  for (const path of globSync(join(folder, 'entries/*/*/*.gz'))) {
    const text = gunzipSync(readFileSync(path));
    for (let from = 0; from < text.length; entries += 1) {
      const end = text.indexOf(0x0a, from);
      hash('sha256', text.subarray(from, end), 'buffer');
      from = end + 1;
    }
  }
  return entries;
}

if (import.meta.main) {
  const [name = '', folder = ''] = process.argv.slice(2);
  const work = WORKS[name];
  if (work === undefined) throw new Error('expected verify or floor, and a folder');
  const began = process.cpuUsage();
  const entries = await work(folder);
  const { user, system } = process.cpuUsage(began);
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1000);
  process.stdout.write(JSON.stringify({ entries, cpuMs: (user + system) / 1000, peakMb }));
}
