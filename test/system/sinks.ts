import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { leakingForms } from '../support/canary.ts';
import type { RunningStack } from './running-stack.ts';

/**
 * Everything that the product writes and that must name nobody in clear, by where it was found. Contact lists, results
 * and queues hold contact points by their nature and are none of it; of the inbox not even the keys are ours.
 */
export async function sinksOf(running: RunningStack): Promise<ReadonlyMap<string, string>> {
  const { stack, answers, folder, connection } = running;
  const s3 = new S3Client(connection.aws);
  const { audit, outbox, registry, privacy } = stack.endpoints.buckets;
  return new Map([
    ['Lambda logs', logsIn(join(folder, 'logs'))],
    ['audit objects', await contentsOf(s3, audit)],
    [
      'object keys',
      (await Promise.all([audit, outbox, registry, privacy].map((one) => keysOf(s3, one)))).join('\n'),
    ],
    ['SNS messages', JSON.stringify(stack.sns.published(stack.endpoints.topics.legalAlerts))],
    ['DynamoDB items', await itemsOf(running)],
    ['HTTP answers', JSON.stringify(answers)],
  ]);
}

/** The forms of `clear` that stand in a sink, each with the name of the sink; none is what a test expects. */
export function leaksIn(sinks: ReadonlyMap<string, string>, clear: readonly string[]): readonly string[] {
  const forms = new Set(clear.flatMap((value) => [...leakingForms(value)]));
  return [...sinks].flatMap(([name, text]) => {
    const whole = text.toLowerCase();
    const wordy = withoutMachineIds(whole);
    return [...forms]
      .filter((form) => (form.length < SHORT ? wordy : whole).includes(form))
      .map((form) => `${name}: ${form}`);
  });
}

// Seven digits also come up by chance, in hashes and times: a short form is searched in what else there is.
const SHORT = 10;
const MACHINE_IDS = [
  /p1\.[\w-]{43}/g,
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  /\b[0-9a-f]{32,64}\b/g,
  // Epoch milliseconds and seconds of these years.
  /\b1[789]\d{8}(?:\d{3})?\b/g,
];

function withoutMachineIds(text: string): string {
  return MACHINE_IDS.reduce((rest, id) => rest.replace(id, '<id>'), text);
}

function logsIn(folder: string): string {
  return readdirSync(folder)
    .map((name) => `${name}\n${readFileSync(join(folder, name), 'utf8')}`)
    .join('\n');
}

async function listKeys(s3: S3Client, Bucket: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
  }
  return keys;
}

async function keysOf(s3: S3Client, bucket: string): Promise<string> {
  return (await listKeys(s3, bucket)).join('\n');
}

async function contentsOf(s3: S3Client, Bucket: string): Promise<string> {
  const texts: string[] = [];
  for (const Key of await listKeys(s3, Bucket)) {
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const text = Buffer.from(Key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    texts.push(`${JSON.stringify(Metadata)}\n${text}`);
  }
  return texts.join('\n');
}

/** Every item of every table, without the ciphertext that is there to hold the clear value. */
async function itemsOf({ connection }: RunningStack): Promise<string> {
  const client = new DynamoDBClient(connection.aws);
  const items: unknown[] = [];
  for (const TableName of Object.values(connection.endpoints.tables)) {
    for await (const page of paginateScan({ client }, { TableName })) {
      for (const item of page.Items ?? []) {
        const { sealed: _ciphertext, ...rest } = unmarshall(item);
        items.push(rest);
      }
    }
  }
  return JSON.stringify(items, (_key, value: unknown) =>
    value instanceof Uint8Array
      ? [Buffer.from(value).toString('base64'), Buffer.from(value).toString('latin1')]
      : value,
  );
}
