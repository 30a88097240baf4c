import { createReadStream, createWriteStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { readInPieces } from '../lib/adapters/file-system/read-in-pieces.ts';
import { scrubFolder } from '../lib/adapters/file-system/scrub-folder.ts';
import { GzipFile } from '../lib/adapters/s3/gzip-file.ts';
import { NOT_SURE, readNanpShape } from '../lib/domain/contact-point/nanp-shapes.ts';
import type { RegistryMembership } from '../lib/domain/ports.ts';
import { CsvReader } from '../lib/domain/scrub/csv-reader.ts';
import { RegistryListings } from '../lib/domain/scrub/registry-listings.ts';
import { scrubFile } from '../lib/domain/scrub/scrub-file.ts';
import { basisOf, contactPointsWith, profileOf } from '../test/support/scrub.ts';
import { PHONE_COLUMN } from './contact-list.ts';
import { openSnapshot } from './registry-numbers.ts';

// One way through a contact list, in a process of its own: `node bench/scrub-contender.ts <way> <list> <registry> <out>`
// prints what it took, without its start and without loading the registry.

type Paths = { readonly list: string; readonly registry: string; readonly out: string };
type Took = { readonly rows: number; readonly approved: number };

const MAX_BYTES = 1e12;

const WAYS: Readonly<Record<string, (paths: Paths) => Promise<() => Promise<Took>>>> = {
  copy:
    async ({ list, out }) =>
    async () => {
      await pipeline(createReadStream(list, { highWaterMark: 1024 * 1024 }), createWriteStream(out));
      return { rows: 0, approved: 0 };
    },

  duckdb: async ({ list, registry, out }) => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    const columns = `{'number': 'BIGINT'}`;
    await connection.run(
      `CREATE TABLE registry AS SELECT number FROM read_csv('${registry}.txt', header = false, columns = ${columns})`,
    );
    return async () => {
      const digits = `CAST(right(regexp_replace(l."${PHONE_COLUMN}", '[^0-9]', '', 'g'), 10) AS BIGINT)`;
      const result = await connection.run(
        `COPY (SELECT l.* FROM read_csv('${list}', header = true, all_varchar = true, quote = '"', escape = '"') l
         ANTI JOIN registry r ON r.number = ${digits}) TO '${out}' (HEADER)`,
      );
      return { rows: 0, approved: result.rowsChanged };
    };
  },

  registry: async ({ list, registry, out }) => {
    const membership = await loaded(registry);
    return () => againstTheRegistryAlone(list, out, new RegistryListings([membership]));
  },

  scrub: async ({ list, registry, out }) => {
    const membership = await loaded(registry);
    return () => wholeScrub(list, out, membership);
  },
};

/** A registry in memory and verified, as the other ways have theirs before the time is taken. */
async function loaded(path: string): Promise<RegistryMembership> {
  const { registry, groups } = await openSnapshot(path);
  await Promise.all(groups.map((group) => registry.segment(group)));
  return registry;
}

/** What the scrub does but for tokens, contact points, evidence and reports: pages, numbers, registry, approved rows. */
async function againstTheRegistryAlone(list: string, out: string, listings: RegistryListings): Promise<Took> {
  const reader = new CsvReader(readInPieces(list), { delimiter: 0x2c, maxBytes: MAX_BYTES });
  const header = await reader.header();
  const phoneAt = 3;
  const file = await open(out, 'w');
  await file.write(header.raw);
  let [rows, approved] = [0, 0];
  let bytes = Buffer.alloc(0);
  for await (const page of reader.pages(header.bounds.length / 2)) {
    const numbers = new Array<number>(page.count);
    for (let row = 0; row < page.count; row += 1) {
      const place = { start: page.startOf(row, phoneAt), end: page.endOf(row, phoneAt), withoutPlus: true };
      const national = readNanpShape(page.bytes, place);
      if (national === NOT_SURE) throw new Error('expected a list of plain numbers');
      numbers[row] = 10_000_000_000 + national;
    }
    await listings.load(numbers);
    bytes = bytes.length < page.end ? Buffer.allocUnsafe(page.end * 2) : bytes;
    let size = 0;
    // Rows that lie side by side are copied together, as the scrub does.
    let from = page.startOf(0, 0);
    for (let row = 0; row < page.count; row += 1) {
      if (!listings.of(numbers[row]).facts[0]?.listed) continue;
      approved -= 1;
      size += page.bytes.copy(bytes, size, from, page.startOf(row, 0));
      from = page.recordEnd(row);
    }
    size += page.bytes.copy(bytes, size, from, page.end);
    approved += page.count;
    rows += page.count;
    await file.write(bytes, 0, size);
    reader.release(page);
  }
  await file.close();
  return { rows, approved };
}

async function wholeScrub(list: string, out: string, registry: RegistryMembership): Promise<Took> {
  const outbox = await scrubFolder(`${out}.folder`);
  const names = ['approved.csv', 'rejected.csv', 'quarantined.csv', 'other-region.csv', 'evidence.ndjson.gz'];
  const [APPROVED, REJECTED, QUARANTINED, OTHER_REGION, packed] = names.map((name) => outbox.open(name));
  if (!APPROVED || !REJECTED || !QUARANTINED || !OTHER_REGION || !packed)
    throw new Error('expected five files');
  const evidence = new GzipFile(packed);
  const profile = profileOf({ phoneColumns: [PHONE_COLUMN] });
  const basis = basisOf({ profile, registries: [registry], maxBytes: MAX_BYTES });
  const sinks = { APPROVED, REJECTED, QUARANTINED, OTHER_REGION, evidence };
  const result = await scrubFile(readInPieces(list), basis, {
    contactPoints: contactPointsWith(new Map()),
    sinks,
  });
  if (result.kind === 'REJECTED')
    throw new Error(`expected a list that is not refused, got ${result.rejection.cause}`);
  for (const file of Object.values(sinks)) {
    await file.seal();
    await file.publish();
  }
  return { rows: result.counts.rows, approved: result.counts.approved };
}

const [way = '', list = '', registry = '', out = ''] = process.argv.slice(2);
const prepare = WAYS[way];
if (prepare === undefined) throw new Error(`expected one of ${Object.keys(WAYS).join(', ')}`);
const run = await prepare({ list, registry, out });
const [cpu, began] = [process.cpuUsage(), performance.now()];
const took = await run();
const wallMs = performance.now() - began;
const { user, system } = process.cpuUsage(cpu);
// What the kernel calls maxRSS begins with what the parent process had.
const peakKb = /VmHWM:\s+(\d+) kB/.exec(await readFile('/proc/self/status', 'utf8').catch(() => ''))?.[1];
const peakMb = Number(peakKb ?? process.resourceUsage().maxRSS) / 1024;
process.stdout.write(JSON.stringify({ ...took, wallMs, cpuMs: (user + system) / 1000, peakMb }));
