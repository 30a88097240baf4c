// A local S3 and tables for the file that imports this; an outbox, an audit bucket and no scrub yet for each of its tests.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { Entry } from '../../lib/domain/log/entry.ts';
import { MerkleTree } from '../../lib/domain/log/merkle.ts';
import { ScrubManifest } from '../../lib/domain/scrub/manifest.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';
import type { mortality } from '../support/killable.ts';
import { gunzipped, LISTED, OPTED_OUT, phoneToken } from '../support/scrub.ts';
import {
  type Buckets,
  type Clients,
  createBuckets,
  createLockedBucket,
  forgetScrubs,
  INBOX,
  importUsRegistry,
  itemsIn,
  objectsIn,
  optOut,
  put,
  REGISTRY,
  scrubLambda,
} from '../support/scrub-world.ts';
import { type Fixture, startLocalS3 } from './local-s3.ts';

export const PROFILE = {
  phoneColumns: ['Home', 'Cell'],
  defaultRegion: 'US',
  channel: 'VOICE',
  purpose: 'MARKETING',
  technology: 'LIVE',
  campaignId: 'cam-1',
};
export const LIST = [
  '\ufeffId,Home,Cell,Note\r\n',
  'a1,2125550100,,"first, ""quoted"""\r\n',
  `a2,2125550101,${OPTED_OUT},=1+1\n`,
  `a3,${LISTED},,listed\r\n`,
  'a4,n/a,,unreadable\n',
  'a5,+49 30 901820,,Berlin\n',
  'a6,,,nobody\n',
  'a7,+1 212 555 0107,2125550108,last',
].join('');
export const APPROVED = [0, 1, 7].map((row) => LIST.split(/(?<=\n)/)[row]).join('');

let s3: Fixture;
export let dynamo: TestDynamoDb;
export let clients: Clients;
export let buckets: Buckets;
let worlds = 0;

beforeAll(async () => {
  s3 = await startLocalS3();
  dynamo = await startDynalite();
  clients = { s3: s3.client(), dynamodb: dynamo.client };
  await createBuckets(clients.s3, INBOX, REGISTRY);
  await importUsRegistry(clients, [`212,${LISTED.slice(3)}`, '+12125550199']);
  await optOut(dynamo.client, phoneToken(`+1${OPTED_OUT}`));
  await put(clients.s3, 'profiles/winback.json', JSON.stringify(PROFILE));
});

afterAll(async () => {
  await s3.close();
  await dynamo.stop();
});

beforeEach(startAfresh);

/** Gives what follows other buckets, and forgets what was scrubbed. */
export async function startAfresh(): Promise<void> {
  worlds += 1;
  buckets = { outbox: `outbox-${worlds}`, audit: `audit-${worlds}` };
  await createBuckets(clients.s3, buckets.outbox);
  await createLockedBucket(clients.s3, buckets.audit);
  await forgetScrubs(dynamo.client);
}

/** The scrubs that wait for the log. */
export async function scrubEntries() {
  const pending = (await itemsIn(dynamo.client, TABLES.contactPoints)).flatMap((item) =>
    Object.values(item['pending']?.M ?? {}).map((entry) => Entry.parse(JSON.parse(entry.S ?? ''))),
  );
  return pending.flatMap((entry) => (entry.kind === 'scrub' ? [entry] : []));
}

/** What the manifest in an outbox promises; undefined if there is none. Fails where it does not agree with the objects. */
export async function verifiedManifest({ outbox, audit }: Buckets): Promise<ScrubManifest | undefined> {
  const outputs = await objectsIn(clients.s3, outbox);
  const [key, text] = [...outputs].find(([name]) => name.endsWith('/manifest.json')) ?? [];
  if (key === undefined || text === undefined) return undefined;
  const manifest = ScrubManifest.parse(JSON.parse(text.toString()));
  for (const { name, sizeBytes, sha256 } of manifest.files) {
    const bytes = outputs.get(key.replace('manifest.json', name));
    expect({ name, sizeBytes: bytes?.length, sha256: sha256Of(bytes) }).toEqual({ name, sizeBytes, sha256 });
  }
  if (manifest.evidence !== undefined) {
    const evidence = (await objectsIn(clients.s3, audit)).get(manifest.evidence.key) ?? Buffer.alloc(0);
    expect(sha256Of(evidence)).toBe(manifest.evidence.sha256);
    const lines = gunzipped(evidence).trimEnd().split('\n');
    const tree = new MerkleTree();
    for (const line of lines) tree.add(line);
    expect({ merkleRoot: tree.rootHex(), rows: lines.length }).toEqual({
      merkleRoot: manifest.evidence.merkleRoot,
      rows: manifest.evidence.rows,
    });
  }
  return manifest;
}

export const sha256Of = (bytes: Buffer | undefined) =>
  createHash('sha256')
    .update(bytes ?? '')
    .digest('hex');

/** The Lambda with clients that die when they are told to. */
export function killableLambda(life: ReturnType<typeof mortality>) {
  const dynamodb = life.dynamodb(dynamoDbClient(dynamo.endpoint, { maxAttempts: 1 }));
  return scrubLambda({ s3: life.s3(s3.client()), dynamodb }, buckets);
}
