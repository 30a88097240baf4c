import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { type SynthesisOptions, synthesize } from '../../lib/local/synthesize.ts';

const VARIABLE = 'DIALGUARD_TEST_ASSEMBLIES';
const PATIENCE_MS = 300_000;

/** Before the first test of a run, by vitest.config.ts: a folder for what the run synthesizes. */
export function setup(): void {
  process.env[VARIABLE] = mkdtempSync(join(tmpdir(), 'dialguard-assemblies-'));
}

/** After the last test. */
export function teardown(): void {
  rmSync(process.env[VARIABLE] ?? '', { recursive: true, force: true });
}

/** The stacks of a deployment, synthesized once a run: it takes longer than most of the tests that boot them. */
export async function assemblyOf(options: Omit<SynthesisOptions, 'output'>): Promise<string> {
  const shared = process.env[VARIABLE] ?? shareForThisProcess();
  const output = join(shared, sha256Hex(JSON.stringify(options)).slice(0, 16));
  const done = `${output}.done`;
  if (isFirst(`${output}.begun`)) {
    await synthesize({ ...options, output });
    writeFileSync(done, '');
  }
  for (const deadline = performance.now() + PATIENCE_MS; !existsSync(done); await sleep(50)) {
    if (performance.now() > deadline) throw new Error('The stacks were not synthesized by another test.');
  }
  return output;
}

/** Of several processes one makes the folder. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** A benchmark is a run of its own. */
function shareForThisProcess(): string {
  setup();
  process.once('exit', teardown);
  return process.env[VARIABLE] ?? '';
}
