import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod';
import { parsePhoneNumber, parseWithLibrary } from '../lib/domain/contact-point/phone-number.ts';
import { basisOf, contactPointsWith, profileOf, scrubbed } from '../test/support/scrub.ts';
import { slowScrub } from '../test/support/slow-scrub.ts';
import { PHONE_COLUMN, writeContactList } from './contact-list.ts';
import { generatedRegistry, openSnapshot, writeRegistry } from './registry-numbers.ts';
import { type BenchSize, compare, inTurns, type Row } from './samples.ts';
import { benchScrubContactPoints } from './scrub-contact-points.ts';

const run = promisify(execFile);

const Took = z.object({
  rows: z.number(),
  approved: z.number(),
  wallMs: z.number(),
  cpuMs: z.number(),
  peakMb: z.number(),
});
type Took = z.infer<typeof Took>;

/** Python holds a registry of more numbers in no memory that is here. */
const PYTHON_LISTED = 20_000_000;
const CHECKED_ROWS = 20_000;

type Files = { readonly folder: string; readonly list: string; readonly registry: string };

/** Scrubs of one contact list against a registry, in the ways that others would do it and in ours. */
export async function benchScrub(size: BenchSize): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'dialguard-bench-'));
  const files = { folder, list: join(folder, 'list.csv'), registry: join(folder, 'registry') };
  try {
    await writeContactList(files.list, size.rows);
    const paths = { snapshot: files.registry, lines: `${files.registry}.txt` };
    const { numbers } = await writeRegistry(generatedRegistry(size.listed), paths);
    const about = `${millions(size.rows)} rows (${millions((await stat(files.list)).size)} bytes), ${millions(numbers)} listed`;
    return [
      ...(await againstOthers(files, about, numbers)),
      await wrongRows(files),
      ...(await growth(files, size)),
      ...(await benchScrubContactPoints()),
      ...(await phoneNumbers(size)),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function againstOthers(files: Files, about: string, numbers: number): Promise<readonly Row[]> {
  const copy = await contender('copy', files);
  const duckdb = await contender('duckdb', files);
  const python = numbers > PYTHON_LISTED ? undefined : await pythons(files);
  const registry = await contender('registry', files);
  const whole = await contender('scrub', files);
  if (registry.approved !== duckdb.approved) {
    throw new Error(`expected the rows that DuckDB leaves, ${duckdb.approved}, got ${registry.approved}`);
  }
  const few = numbers < 100_000_000;
  return [
    row(
      `registry alone, wall: ${about}`,
      'DuckDB anti-join, 2 threads',
      [registry, duckdb],
      few ? '<= 0.40' : '<= 0.20',
    ),
    cpuRow(
      'registry alone, CPU',
      'DuckDB anti-join, 2 threads',
      [registry, duckdb],
      few ? '<= 0.35' : '<= 0.20',
    ),
    row('registry alone, wall', 'node read + write copy', [registry, copy], '<= 3.5'),
    python === undefined
      ? without('registry alone, wall', 'python3: csv.DictReader, one look-up a row')
      : row(
          'registry alone, wall',
          'python3: csv.DictReader, one look-up a row',
          [registry, python],
          '<= 0.05',
        ),
    row('whole scrub (tokens, decisions, evidence, reports), wall', 'DuckDB anti-join, 2 threads', [
      whole,
      duckdb,
    ]),
    row('whole scrub, wall', 'node read + write copy', [whole, copy]),
    python === undefined
      ? without('whole scrub, wall', 'python3: csv.DictReader, one look-up a row')
      : row('whole scrub, wall', 'python3: csv.DictReader, one look-up a row', [whole, python]),
  ];
}

async function contender(way: string, { list, registry, folder }: Files): Promise<Took> {
  const script = fileURLToPath(new URL('scrub-contender.ts', import.meta.url));
  const out = join(folder, `out-${way}`);
  try {
    const { stdout } = await run(process.execPath, [script, way, list, registry, out]);
    return Took.parse(JSON.parse(stdout));
  } finally {
    await rm(out, { force: true });
    await rm(`${out}.folder`, { recursive: true, force: true });
  }
}

/** Undefined where there is no python3. */
async function pythons({ list, registry, folder }: Files): Promise<Took | undefined> {
  const script = fileURLToPath(new URL('scrub-contender.py', import.meta.url));
  const out = join(folder, 'python');
  try {
    const { stdout } = await run('python3', [script, list, registry, out, PHONE_COLUMN]);
    return Took.parse(JSON.parse(stdout));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    await rm(out, { force: true });
  }
}

/** The whole scrub against the slow one, row by row. */
async function wrongRows({ list, registry, folder }: Files): Promise<Row> {
  const { registry: membership, file } = await openSnapshot(registry);
  const text = await beginning(list, CHECKED_ROWS * 125);
  const rows = text.slice(0, text.lastIndexOf('\nL') + 1);
  const profile = profileOf({ phoneColumns: [PHONE_COLUMN] });
  const basis = basisOf({ profile, registries: [membership] });
  const slow = await slowScrub(rows, basis, contactPointsWith(new Map()));
  const { evidence } = await scrubbed(rows, { basis: { ...basis, maxBytes: Number.MAX_SAFE_INTEGER } });
  await file.close();
  const lines = evidence.trimEnd().split('\n');
  const wrong = slow.filter(({ evidence: expected }, index) => lines[index] !== expected).length;
  if (lines.length !== slow.length)
    throw new Error(`expected ${slow.length} rows, got ${lines.length} in ${folder}`);
  return {
    work: 'rows decided otherwise',
    baseline: 'CSV and phone number libraries, one decision a row',
    figures: `${wrong} of ${slow.length}`,
    ratio: '-',
    goal: '0',
  };
}

/** A whole list can be longer than a text may be. */
async function beginning(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
  await file.close();
  return buffer.toString('utf8', 0, bytesRead);
}

/** Ten times the rows must take ten times the time, and no more memory. */
async function growth(files: Files, size: BenchSize): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let before: { count: number; took: Took } | undefined;
  for (let count = 10_000; count <= Math.max(size.rows, 100_000); count *= 10) {
    const list = join(files.folder, `list-${count}.csv`);
    await writeContactList(list, count);
    const took = await contender('scrub', { ...files, list });
    await rm(list);
    const perRow = (of: Took, many: number) => (of.wallMs * 1000) / many;
    rows.push({
      work: `whole scrub of ${count.toLocaleString('en')} rows, a row`,
      baseline: before === undefined ? '-' : `of ${before.count.toLocaleString('en')} rows, a row`,
      figures: `${perRow(took, count).toFixed(2)} us, peak ${took.peakMb.toFixed(0)} MB`,
      ratio:
        before === undefined ? '-' : (perRow(took, count) / perRow(before.took, before.count)).toFixed(2),
      goal: 'peak <= 80 MB + 1 MB an area code',
    });
    before = { count, took };
  }
  return rows;
}

async function phoneNumbers({ turns }: BenchSize): Promise<readonly Row[]> {
  const texts = ['+12125550100', '(212) 555-0100', '212-555-0100', '2125550100'];
  const read = (parse: typeof parsePhoneNumber) => async () => {
    for (let call = 0; call < 1000; call += 1) parse(texts[call % texts.length] ?? '', 'US');
  };
  const samples = await inTurns(
    {
      'libphonenumber-js, 1,000 numbers': read(parseWithLibrary),
      'canonical form, 1,000 numbers': read(parsePhoneNumber),
    },
    { turns: Math.ceil(turns / 40), warmUp: 5 },
  );
  const [library, quick] = [...samples.values()];
  if (library === undefined || quick === undefined) throw new Error('a kind of work was not measured');
  return [compare(quick, library, '<= 0.067')];
}

function row(work: string, baseline: string, [ours, theirs]: readonly [Took, Took], goal?: string): Row {
  const figures = `${seconds(ours.wallMs)} against ${seconds(theirs.wallMs)}, peak ${ours.peakMb.toFixed(0)} MB`;
  return { work, baseline, figures, ratio: (ours.wallMs / theirs.wallMs).toFixed(3), goal };
}

function cpuRow(work: string, baseline: string, [ours, theirs]: readonly [Took, Took], goal: string): Row {
  const figures = `${seconds(ours.cpuMs)} against ${seconds(theirs.cpuMs)}`;
  return { work, baseline, figures, ratio: (ours.cpuMs / theirs.cpuMs).toFixed(3), goal };
}

function without(work: string, baseline: string): Row {
  return { work, baseline, figures: 'not measured: no python3, or too many numbers for it', ratio: '-' };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function millions(count: number): string {
  return `${(count / 1e6).toFixed(1)} M`;
}
