import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { acwEntry, outboundCall } from '../../lib/local/sample/wrap-up-event.ts';
import { createDncPlatform } from '../support/genesys-cloud/dnc-lists.ts';
import { CLIENT, startFakeServer } from '../support/genesys-cloud/server.ts';
import { ACCESS_KEY, startFakeCxone } from '../support/nice-cxone/server.ts';
import { type RunningStack, startStack } from './running-stack.ts';

const LISTS = ['list-a'];
const GROUPS = ['1001'];

/** The whole stack beside Genesys Cloud and NICE CXone, neither of which is real, each with a list of ours. */
export async function startDiallerStack() {
  const genesys = createDncPlatform({ lists: LISTS, url: () => genesysServer.url, now: Date.now });
  const genesysServer = await startFakeServer(genesys.routes);
  const cxone = await startFakeCxone({ groups: GROUPS, now: Date.now });
  const channels = ['VOICE' as const, 'SMS' as const];
  const list = (ids: readonly string[]) => [{ channels, purposes: ['MARKETING' as const], ids: [...ids] }];
  const running = await startStack('US', {
    genesysUrl: genesysServer.url,
    diallers: {
      north: { kind: 'genesys-cloud', lists: list(LISTS), contactLists: [] },
      south: {
        kind: 'nice-cxone',
        lists: list(GROUPS),
        apiUrl: cxone.server.url,
        tokenUrl: cxone.server.url,
      },
    },
  });
  const { endpoints } = running.connection;
  await putSecret(running, endpoints.secrets.genesysClient, CLIENT);
  await putSecret(running, endpoints.diallers['south']?.secretArn, ACCESS_KEY);
  return {
    running,
    /** Each dialler: its server, and the numbers that it will not call now. */
    north: {
      server: genesysServer,
      numbers: () => new Set(LISTS.flatMap((id) => [...genesys.entries(id).keys()])),
      meddle: (number: string, action: 'Add' | 'Remove') => genesys.meddle('list-a', number, action),
    },
    south: {
      server: cxone.server,
      numbers: () =>
        new Set(GROUPS.flatMap((id) => [...cxone.records(id).keys()].map((digits) => `+1${digits}`))),
    },
    async stop() {
      await running.stop();
      await genesysServer.close();
      await cxone.server.close();
    },
  };
}

async function putSecret({ connection }: RunningStack, SecretId: string | undefined, value: object) {
  const SecretString = JSON.stringify(value);
  await new SecretsManagerClient(connection.aws).send(new PutSecretValueCommand({ SecretId, SecretString }));
}

const IN_A_CALL = 10;

/** Agents' opt-outs of these numbers, so many a second; when each was sent, epoch milliseconds. */
export async function sendOptOuts(
  { connection }: RunningStack,
  numbers: readonly string[],
  perSecond: number,
): Promise<ReadonlyMap<string, number>> {
  const { aws, endpoints } = connection;
  const client = new EventBridgeClient(aws);
  const wrapupCode = endpoints.optOutWrapUpCodes?.[0] ?? '';
  const sent = new Map<string, number>();
  const began = performance.now();
  for (let from = 0; from < numbers.length; from += IN_A_CALL) {
    const due = began + (from / perSecond) * 1000 - performance.now();
    if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    const some = numbers.slice(from, from + IN_A_CALL);
    const eventTime = Date.now();
    const Entries = some.map((dnis) =>
      acwEntry(endpoints.eventBusName, outboundCall({ dnis, wrapupCode, eventTime })),
    );
    const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries }));
    if (FailedEntryCount !== 0) throw new Error(`${FailedEntryCount} events were refused`);
    for (const number of some) sent.set(number, eventTime);
  }
  return sent;
}

/** When each number is first seen on a list, epoch milliseconds, until all are there or the time is over. */
export async function watchArrivals(
  numbers: readonly string[],
  current: () => ReadonlySet<string>,
  timeoutMs: number,
): Promise<ReadonlyMap<string, number>> {
  const arrived = new Map<string, number>();
  const missing = new Set(numbers);
  const deadline = performance.now() + timeoutMs;
  while (missing.size > 0 && performance.now() < deadline) {
    const began = performance.now();
    const now = current();
    for (const number of missing) {
      if (!now.has(number)) continue;
      arrived.set(number, Date.now());
      missing.delete(number);
    }
    // The stack runs in this process: looking must leave it most of the time.
    await new Promise((resolve) => setTimeout(resolve, 10 + 20 * (performance.now() - began)));
  }
  return arrived;
}

/** How long each took, milliseconds, in order of length. */
export function latencies(
  sent: ReadonlyMap<string, number>,
  arrived: ReadonlyMap<string, number>,
): readonly number[] {
  const took = [...arrived].map(([number, at]) => at - (sent.get(number) ?? Number.NaN));
  return took.toSorted((a, b) => a - b);
}
