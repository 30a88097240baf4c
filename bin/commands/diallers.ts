import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { DynamoClearContactPoints } from '../../lib/adapters/dynamodb/clear-contact-points.ts';
import { DynamoDiallerHealths } from '../../lib/adapters/dynamodb/dialler-healths.ts';
import { kekFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import { SqsDiallerQueue } from '../../lib/adapters/sqs/dialler-queue.ts';
import { mayCall } from '../../lib/domain/circuit-breaker.ts';
import { wasEverRefused } from '../../lib/domain/dialler/listing.ts';
import { type Connection, connect, globalOptions } from './connection.ts';
import { addReconcile } from './diallers-reconcile.ts';
import { print } from './output.ts';
import { tableLines } from './table.ts';

/** `dialguard diallers status|resync|reconcile`: whether those who contact people know whom not to. */
export function addDiallers(program: Command): void {
  const diallers = program
    .command('diallers')
    .description('whether the diallers know whom not to contact; telling them again');
  diallers
    .command('status')
    .description('of each dialler: what waits for it, what it never took, and how it answers')
    .addHelpText('after', '\nExample:\n  $ npx dialguard diallers status')
    .action(async (_options: unknown, command: Command) => {
      const all = await statusOf(await connect(command), Date.now());
      if (all.some(({ state }) => state !== 'OK')) process.exitCode = 1;
      print(globalOptions(command).json, all, () => statusLines(all));
    });
  diallers
    .command('resync')
    .description('tell a dialler everything anew, by its queue: of everybody who ever refused contact')
    .argument('<name>', 'the dialler, as in the settings')
    .addHelpText('after', '\nExample:\n  $ npx dialguard diallers resync legacy-pbx')
    .action(async (name: string, _options: unknown, command: Command) => {
      const queued = await resync(await connect(command), name, Date.now());
      print(globalOptions(command).json, { dialler: name, queued }, () => [
        `${queued} contact points are on their way to ${name}.`,
      ]);
    });
  addReconcile(diallers);
}

type Status = {
  readonly dialler: string;
  /** LATE: something waits; PARKED: something was never taken; DOWN: it is not called for now. */
  readonly state: 'OK' | 'LATE' | 'PARKED' | 'DOWN';
  /** Messages, of up to a hundred contact points each. */
  readonly waiting: number;
  readonly parked: number;
  /** ISO 8601; null where it never was. */
  readonly lastDoneAt: string | null;
  readonly lastFailedAt: string | null;
  readonly lastCause: string | null;
};

async function statusOf({ aws, endpoints }: Connection, now: number): Promise<readonly Status[]> {
  const sqs = new SQSClient(aws);
  const healths = new DynamoDiallerHealths(new DynamoDBClient(aws), endpoints.tables.cases);
  const named = Object.entries(endpoints.diallers);
  return await Promise.all(
    named.map(async ([dialler, { queue, deadLetters }]): Promise<Status> => {
      const [health, waiting, parked] = await Promise.all([
        healths.read(dialler),
        messagesIn(sqs, queue),
        messagesIn(sqs, deadLetters),
      ]);
      const { circuit, lastDoneAt, lastFailedAt, lastCause = null } = health;
      const late = waiting > 0 ? 'LATE' : 'OK';
      const state = mayCall(circuit, now) ? (parked > 0 ? 'PARKED' : late) : 'DOWN';
      const times = { lastDoneAt: iso(lastDoneAt), lastFailedAt: iso(lastFailedAt) };
      return { dialler, state, waiting, parked, ...times, lastCause };
    }),
  );
}

async function messagesIn(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

function statusLines(all: readonly Status[]): readonly string[] {
  if (all.length === 0) return ['No dialler is configured.'];
  const columns = ['dialler', 'state', 'waiting', 'parked', 'last told', 'last failed', 'cause'];
  const rows = all.map((one) => [
    ...[one.dialler, one.state, one.waiting, one.parked],
    ...[one.lastDoneAt, one.lastFailedAt, one.lastCause],
  ]);
  return tableLines({ columns, rows });
}

async function resync({ aws, endpoints }: Connection, name: string, since: number): Promise<number> {
  const urls = endpoints.diallers[name];
  if (urls === undefined) throw new Error(unknownDialler(name, endpoints.diallers));
  const kek = kekFrom(new SecretsManagerClient(aws), endpoints.secrets.kek);
  const table = endpoints.tables.contactPoints;
  const contactPoints = new DynamoClearContactPoints(new DynamoDBClient(aws), table, kek);
  const queue = new SqsDiallerQueue(new SQSClient(aws), urls.queue);
  let queued = 0;
  for await (const page of contactPoints.everyone()) {
    const changes = page.flatMap(({ token, state }) => (wasEverRefused(state) ? [{ token, since }] : []));
    if (changes.length > 0) await queue.send(changes);
    queued += changes.length;
  }
  return queued;
}

/** Says which diallers there are. */
export function unknownDialler(name: string, diallers: object): string {
  const known = Object.keys(diallers).join(', ');
  return `There is no dialler ${name}; ${known === '' ? 'none is configured' : `there are: ${known}`}.`;
}

function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
