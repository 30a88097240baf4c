import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoScrubJobs } from '../../lib/adapters/dynamodb/scrub-jobs.ts';
import { readApprovedList } from '../../lib/adapters/file-system/approved-list.ts';
import { readInPieces } from '../../lib/adapters/file-system/read-in-pieces.ts';
import { scrubFolder } from '../../lib/adapters/file-system/scrub-folder.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { type RunScrubDeps, runScrub, type ScrubRequest } from '../../lib/domain/scrub/run-scrub.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { PEPPER, phoneToken, profileOf, registryWith, WATERMARK } from '../support/scrub.ts';
import { optOut } from '../support/scrub-world.ts';

const HOUR_MS = 3_600_000;
const LEAVES_BY_REQUEST = '2125550141';
const LEAVES_BY_REGISTRY = '2125550142';
const HEADER = '\ufeffId,Phone,Note\r\n';
const ROWS = [
  'a1,2125550100,"stays, ""quoted"""\r\n',
  `a2,(212) 555-0141,"asks to be\nleft alone"\n`,
  `a3,+1${LEAVES_BY_REGISTRY},=1+1\r\n`,
  'a4,212-555-0108,stays',
];

let folder: string;
let dynamo: TestDynamoDb;
let onRegistry: readonly string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrub-again-'));
  dynamo = await startDynalite();
});
afterAll(async () => {
  await dynamo.stop();
  await rm(folder, { recursive: true, force: true });
});

function depsAt(now: number): RunScrubDeps {
  return {
    contactPoints: new DynamoContactPoints(dynamo.client, TABLES.contactPoints),
    jobs: new DynamoScrubJobs(dynamo.client, TABLES.cases, () => crypto.randomUUID()),
    snapshots: {
      current: async (registry) =>
        registry === 'us-national' ? registryWith(...onRegistry).version : undefined,
      open: async (version) => ({ ...registryWith(...onRegistry), version }),
    },
    evidence: { open: (key) => evidenceOutbox.open(key.replaceAll('/', '-')) },
    pepper: async () => PEPPER,
    policy: DEFAULT_POLICY,
    residency: 'US',
    maxBytes: 1_000_000,
    now: () => now,
    newId: () => crypto.randomUUID(),
  };
}

let evidenceOutbox: Awaited<ReturnType<typeof scrubFolder>>;
beforeAll(async () => {
  evidenceOutbox = await scrubFolder(join(folder, 'evidence'));
});

const text = (...names: string[]) => readFile(join(folder, ...names), 'utf8');

async function scrub(
  about: Pick<ScrubRequest, 'jobId' | 'profile' | 'since'> & { readonly path: string; readonly out: string },
  now: number,
) {
  const outbox = await scrubFolder(join(folder, about.out));
  const source = { name: 'leads.csv', open: () => readInPieces(about.path) };
  return runScrub(depsAt(now), { ...about, profileName: 'command', outbox, source });
}

async function scrubAgain(from: string, out: string, now: number) {
  const list = await readApprovedList(join(folder, from, 'manifest.json'));
  return scrub({ ...list, jobId: out, out }, now);
}

beforeAll(async () => {
  const path = join(folder, 'leads.csv');
  await writeFile(path, HEADER + ROWS.join(''));
  await scrub({ jobId: 'first', path, out: 'first', profile: profileOf() }, WATERMARK);
});

it('takes nothing out of an approved list while nothing has changed', async () => {
  expect(await text('first', 'approved.csv')).toBe(HEADER + ROWS.join(''));
  const outcome = await scrubAgain('first', 'same', WATERMARK + HOUR_MS);
  expect(outcome).toMatchObject({ kind: 'SCRUBBED', counts: { rows: 4, approved: 4 } });
  expect(await text('same', 'removals.csv')).toBe(HEADER);
});

it('TB36: names who must come out, as they stand in the list, and goes on from there', async () => {
  await optOut(dynamo.client, phoneToken(`+1${LEAVES_BY_REQUEST}`));
  const second = await scrubAgain('first', 'second', WATERMARK + HOUR_MS);
  expect(second).toMatchObject({
    counts: { rows: 4, approved: 3, rejected: 1 },
    manifest: {
      since: {
        jobId: 'first',
        manifestSha256: sha256Hex(await text('first', 'manifest.json')),
        watermark: new Date(WATERMARK).toISOString(),
      },
      input: { sha256: sha256Hex(await text('first', 'approved.csv')) },
    },
  });
  expect(await text('second', 'removals.csv')).toBe(HEADER + ROWS[1]);
  expect(await text('second', 'approved.csv')).toBe(HEADER + ROWS[0] + ROWS[2] + ROWS[3]);
  expect(await text('second', 'rejected.csv')).not.toContain('555-0141');
  const named = second.manifest.files.find(({ name }) => name === 'removals.csv');
  expect(named?.sha256).toBe(sha256Hex(await text('second', 'removals.csv')));

  onRegistry = [`+1${LEAVES_BY_REGISTRY}`];
  const third = await scrubAgain('second', 'third', WATERMARK + 2 * HOUR_MS);
  expect(third.manifest.since?.manifestSha256).toBe(sha256Hex(await text('second', 'manifest.json')));
  expect(await text('third', 'removals.csv')).toBe(HEADER + ROWS[2]);
  expect(await text('third', 'approved.csv')).toBe(HEADER + ROWS[0] + ROWS[3]);
});

it('says nothing of removals where a list is scrubbed for the first time', async () => {
  await expect(text('first', 'removals.csv')).rejects.toThrow('ENOENT');
  expect(JSON.parse(await text('first', 'manifest.json'))).not.toHaveProperty('since');
});

it.each([
  ['approved.csv', 'Id,Phone,Note\r\n', 'CHANGED_FILE'],
  ['report.json', '{}', 'CHANGED_FILE'],
  ['manifest.json', 'Id,Phone\n', 'BAD_MANIFEST'],
])('refuses where %s is not what the scrub wrote', async (name, changed, code) => {
  const out = `changed-${name}`;
  await scrub({ jobId: out, path: join(folder, 'leads.csv'), out, profile: profileOf() }, WATERMARK);
  await writeFile(join(folder, out, name), changed);
  await expect(readApprovedList(join(folder, out, 'manifest.json'))).rejects.toMatchObject({ code });
});

it('refuses the manifest of a list that was refused', async () => {
  const path = join(folder, 'ragged.csv');
  await writeFile(path, 'Id,Phone\na1\n');
  await scrub({ jobId: 'ragged', path, out: 'ragged', profile: profileOf() }, WATERMARK);
  await expect(readApprovedList(join(folder, 'ragged', 'manifest.json'))).rejects.toMatchObject({
    code: 'NOTHING_APPROVED',
  });
});
