// Builds and loads a registry of generated numbers at the national registry's density, really, not extrapolated:
//   npm run bench:registry                 10 million numbers
//   npm run bench:registry -- 258500000    as many as the national registry had on 30 September 2025; needs 4 GB of disk
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const numbers = process.argv[2] ?? '10000000';
const folder = mkdtempSync(join(tmpdir(), 'registry-bench-'));
const paths = [join(folder, 'list.txt'), join(folder, 'list.snapshot')];
const Measured = z.looseObject({ wallMs: z.number(), cpuMs: z.number(), peakMb: z.number() });
const Built = Measured.extend({
  lines: z.number(),
  numbers: z.number(),
  blocks: z.number(),
  bytes: z.number(),
});
const LookedUp = Measured.extend({ lookUps: z.number(), probeMs: z.number() });

function run<T>(step: string, schema: z.ZodType<T>): T {
  const script = fileURLToPath(new URL('./registry-steps.ts', import.meta.url));
  const output = execFileSync(process.execPath, [script, step, ...paths, numbers], { encoding: 'utf8' });
  return schema.parse(JSON.parse(output));
}

function row(work: string, measured: z.infer<typeof Measured>, baseline?: z.infer<typeof Measured>): void {
  const ratio = (of: 'wallMs' | 'cpuMs') =>
    baseline === undefined ? '-' : (measured[of] / baseline[of]).toFixed(2);
  const figures = [measured.wallMs, measured.cpuMs, measured.peakMb].map((figure) => figure.toFixed(0));
  process.stdout.write(`| ${work} | ${figures.join(' | ')} | ${ratio('wallMs')} | ${ratio('cpuMs')} |\n`);
}

try {
  run('generate', Measured);
  run('read list', Measured);
  process.stdout.write(
    '| work | wall ms | CPU ms | peak RSS MB | wall / baseline | CPU / baseline |\n|---|---|---|---|---|---|\n',
  );
  const readList = run('read list', Measured);
  row('read the list (baseline)', readList);
  const built = run('build', Built);
  row('build from the list', built, readList);
  const readSnapshot = run('read snapshot', Measured);
  row('read the snapshot (baseline)', readSnapshot);
  row('load all of it, verified', run('load', Measured), readSnapshot);
  const { lookUps, probeMs } = run('look up', LookedUp);
  process.stdout.write(
    [
      '',
      `${built.numbers} numbers, ${built.lines} lines: ${(built.lines / built.wallMs / 1000).toFixed(1)} M lines/s, ` +
        `${(built.lines / built.cpuMs / 1000).toFixed(1)} M lines/s of CPU`,
      `${(built.bytes / 1e6).toFixed(1)} MB in ${built.blocks} blocks, ${(built.bytes / built.numbers).toFixed(2)} bytes a number`,
      `${((probeMs * 1e6) / lookUps).toFixed(0)} ns a look-up, ${lookUps} of them, grouped by area code`,
      '',
    ].join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
