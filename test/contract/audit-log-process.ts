import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { appendOnClients } from '../support/append-on-clients.ts';
import { dynamoDbClient } from '../support/dynamodb-client.ts';

// One run of append-audit-log in a process of its own, which kills itself by SIGKILL at one of its requests: before it is
// sent, while it is under way, or when its answer is there. Prints where it died, or that it lived.

const Order = z.object({
  s3: z.string(),
  dynamodb: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  now: z.number(),
  nth: z.number(),
  moment: z.enum(['BEFORE', 'DURING', 'AFTER']),
});
export type Order = z.infer<typeof Order>;

const { s3: endpoint, dynamodb: dynamoDbEndpoint, credentials, now, nth, moment } = orderOf(process.argv[2]);
const s3 = new S3Client({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
const dynamodb = dynamoDbClient(dynamoDbEndpoint, { maxAttempts: 1 });
let requests = 0;
s3.middlewareStack.add(
  (next, { commandName }) =>
    (args) =>
      mortal(commandName, () => next(args)),
  {
    step: 'initialize',
  },
);
dynamodb.middlewareStack.add(
  (next, { commandName }) =>
    (args) =>
      mortal(commandName, () => next(args)),
  {
    step: 'initialize',
  },
);
await appendOnClients(
  { s3, dynamodb },
  {
    now: () => now,
    newId: () => `process-${process.pid}`,
    alerts: { attemptBlocked: async () => {} },
    telemetry: { log: () => {}, metric: () => {} },
  },
)();
process.stdout.write('LIVED\n');

function orderOf(argument: string | undefined): Order {
  return Order.parse(JSON.parse(argument ?? ''));
}

async function mortal<Answer>(name: string | undefined, send: () => Promise<Answer>): Promise<Answer> {
  requests += 1;
  if (requests !== nth) return await send();
  process.stdout.write(`${moment} ${name}\n`);
  if (moment === 'BEFORE') process.kill(process.pid, 'SIGKILL');
  // The request has left by then; whether its effect has come about is the store's affair.
  if (moment === 'DURING') setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2);
  await send();
  process.kill(process.pid, 'SIGKILL');
  return await new Promise<never>(() => {});
}
