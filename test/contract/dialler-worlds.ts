import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { v7 as uuid } from 'uuid';
import { diallerListsOf } from '../../lib/adapters/dialler-lists.ts';
import {
  Dialler,
  type DiallerKind,
  DiallerList,
  type DiallerLists,
} from '../../lib/domain/dialler/dialler.ts';
import type { FakeServer, Fault } from '../support/fake-platform.ts';
import { START } from '../support/genesys-cloud/dialler.ts';
import { createDncPlatform } from '../support/genesys-cloud/dnc-lists.ts';
import { CLIENT, startFakeServer } from '../support/genesys-cloud/server.ts';
import { ACCESS_KEY, startFakeCxone } from '../support/nice-cxone/server.ts';
import { SIGNING_SECRET, startWebhookReceiver } from '../support/webhook-receiver.ts';
import { startLocalS3 } from './local-s3.ts';

/** A dialler as its setting makes it, and what stands at its other end. */
export type DiallerWorld = {
  readonly lists: DiallerLists;
  readonly list: DiallerList;
  /** Numbers and addresses that it will not contact now, by when that ends (epoch milliseconds). */
  told(): Promise<ReadonlyMap<string, number | undefined>>;
  /** Every address that was called, or key that was written: anybody may read those. */
  addresses(): Promise<string>;
  /** What goes wrong with the next call; a dialler of files has no other end that could refuse. */
  fail(fault: Fault): void;
  /** Undefined where it is no server. */
  readonly server: FakeServer | undefined;
  pass(ms: number): void;
  close(): Promise<void>;
};

export type WorldOptions = { readonly ids?: readonly string[]; readonly callsPerSecond?: number };
export const KINDS: readonly DiallerKind[] = ['genesys-cloud', 'nice-cxone', 'webhook', 'file'];

export const BUCKET = 'privacy';

export function startDiallerWorld(kind: DiallerKind, options: WorldOptions = {}): Promise<DiallerWorld> {
  switch (kind) {
    case 'genesys-cloud':
      return startGenesys(options);
    case 'nice-cxone':
      return startCxone(options);
    case 'webhook':
      return startWebhook();
    case 'file':
      return startFiles();
  }
}

async function startGenesys({
  ids = ['list-a', 'list-b'],
  callsPerSecond,
}: WorldOptions): Promise<DiallerWorld> {
  const clock = startClock(callsPerSecond !== undefined);
  // The strictest reading of what nobody has published.
  const world = { lists: ids, added: 'KEEPS', url: () => server.url, now: clock.now } as const;
  const platform = createDncPlatform(world);
  const server = await startFakeServer(
    platform.routes,
    callsPerSecond === undefined ? {} : { callsPerSecond },
  );
  const list = listOf(ids);
  return {
    ...ofServer(server, clock),
    list,
    lists: lists({ kind: 'genesys-cloud', lists: [list] }, { clock, genesysUrl: server.url, secret: CLIENT }),
    told: async () =>
      new Map(
        ids.flatMap((id) => [...platform.entries(id)].map(([address, until]) => [address, epochOf(until)])),
      ),
  };
}

async function startCxone({ ids = ['1001', '1002'], callsPerSecond }: WorldOptions): Promise<DiallerWorld> {
  const clock = startClock(callsPerSecond !== undefined);
  const rate = callsPerSecond === undefined ? {} : { callsPerSecond };
  const cxone = await startFakeCxone({ groups: ids, added: 'REFUSED', now: clock.now, ...rate });
  const { server } = cxone;
  const list = { ...listOf(ids), channels: ['VOICE' as const, 'SMS' as const] };
  const dialler = { kind: 'nice-cxone', lists: [list], apiUrl: server.url, tokenUrl: server.url };
  const untilOf = (date: string) => (date.startsWith('2099') ? undefined : epochOf(date));
  return {
    ...ofServer(server, clock),
    list,
    lists: lists(dialler, { clock, secret: ACCESS_KEY }),
    told: async () =>
      new Map(
        ids.flatMap((id) => [...cxone.records(id)].map(([phone, date]) => [`+1${phone}`, untilOf(date)])),
      ),
  };
}

async function startWebhook(): Promise<DiallerWorld> {
  const clock = startClock(false);
  const receiver = await startWebhookReceiver(clock.now);
  const list = listOf([]);
  const dialler = { kind: 'webhook', lists: [list], url: receiver.url };
  return {
    ...ofServer(receiver.server, clock),
    list,
    lists: lists(dialler, { clock, secret: { signingSecret: SIGNING_SECRET } }),
    told: async () =>
      new Map([...receiver.listed()].map(([uri, until]) => [uri.replace(/^(tel|mailto):/, ''), until])),
  };
}

async function startFiles(): Promise<DiallerWorld> {
  const clock = startClock(false);
  const s3 = await startLocalS3();
  const client = s3.client();
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const faults: Fault[] = [];
  const failing = s3.client();
  failing.middlewareStack.add(
    (next) => async (args) => {
      const fault = faults.shift();
      const result = fault === undefined || fault.acted === true ? await next(args) : undefined;
      if (result === undefined || fault !== undefined) throw new Error('the connection was cut');
      return result;
    },
    { step: 'finalizeRequest', name: 'fail' },
  );
  const list = listOf([]);
  return {
    list,
    lists: lists({ kind: 'file', lists: [list] }, { clock, s3: failing }),
    told: async () => {
      const files = await filesOf(client);
      const said = files
        .flatMap(({ text }) => text.split('\r\n').slice(1, -1))
        .map((line) => line.slice(1, -1).split('","'));
      const last = new Map(said.map((cells) => [cells[0] ?? '', cells]));
      return new Map(
        [...last].flatMap(([address, [, action, until]]) =>
          action === 'LIST' && !(Date.parse(until ?? '') <= clock.now()) ? [[address, epochOf(until)]] : [],
        ),
      );
    },
    addresses: async () => (await filesOf(client)).map(({ key }) => key).join('\n'),
    fail: (fault) => void faults.push(fault),
    server: undefined,
    pass: clock.pass,
    close: () => s3.close(),
  };
}

export async function filesOf(
  client: S3Client,
): Promise<readonly { readonly key: string; readonly text: string }[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return await Promise.all(
    Contents.map(async ({ Key = '' }) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      return { key: Key, text: (await Body?.transformToString()) ?? '' };
    }),
  );
}

type Clock = ReturnType<typeof startClock>;

/** Moves by waits alone, or is the world's own where a limit of calls per second is. */
function startClock(isReal: boolean) {
  let passed = 0;
  const began = Date.now();
  const pass = (ms: number): void => {
    passed += ms;
  };
  return {
    now: () => START + passed + (isReal ? Date.now() - began : 0),
    pass,
    wait: async (ms: number) => {
      if (isReal) await new Promise((resolve) => setTimeout(resolve, ms));
      else pass(ms);
    },
  };
}

type Ends = {
  readonly clock: Clock;
  readonly genesysUrl?: string;
  readonly secret?: object;
  readonly s3?: S3Client;
};

function lists(setting: object, { clock, genesysUrl = '', secret = {}, s3 }: Ends): DiallerLists {
  const secrets = new SecretsManagerClient({ region: 'us-east-1' });
  const answer = { output: { $metadata: {}, SecretString: JSON.stringify(secret) }, response: {} };
  secrets.middlewareStack.add(() => async () => answer, { step: 'initialize' });
  return diallerListsOf(Dialler.parse(setting), {
    name: 'a-dialler',
    secretArn: 'secret-of-the-dialler',
    genesys: {
      GENESYS_API_URL: genesysUrl,
      GENESYS_LOGIN_URL: genesysUrl,
      GENESYS_CLIENT_SECRET_ARN: 'secret-of-genesys',
    },
    secrets,
    s3: s3 ?? new S3Client({ region: 'us-east-1' }),
    bucket: BUCKET,
    now: clock.now,
    wait: clock.wait,
    random: () => 0,
    newId: uuid,
  });
}

function ofServer(server: FakeServer, { pass }: Clock) {
  const urls = () => server.calls.map(({ path, query }) => `${path}?${query}`).join('\n');
  return {
    server,
    pass,
    addresses: async () => urls(),
    fail: (fault: Fault) => server.fail(fault),
    close: () => server.close(),
  };
}

function listOf(ids: readonly string[]): DiallerList {
  return DiallerList.parse({ channels: ['VOICE', 'SMS', 'EMAIL'], ids });
}

function epochOf(written: string | undefined): number | undefined {
  return written === undefined || written === '' ? undefined : Date.parse(written);
}
