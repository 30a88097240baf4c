import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { dynamoDbClient } from './dynamodb-client.ts';

export const TABLES = {
  contactPoints: 'contact-points',
  registryBlocks: 'registry-blocks',
  cases: 'cases',
} as const;

export type TestDynamoDb = {
  readonly endpoint: string;
  readonly client: DynamoDBClient;
  stop(): Promise<void>;
};

/** DynamoDB in memory (dynalite) on 127.0.0.1 with the three empty tables of the storage stack, named as in TABLES. */
export async function startDynalite(): Promise<TestDynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const client = dynamoDbClient(endpoint);
  await createTables(client);
  const closed = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    endpoint,
    client,
    stop: async () => {
      client.destroy();
      await closed();
    },
  };
}

/** Creates the three tables with the keys and the indexes of the storage stack. */
export async function createTables(client: DynamoDBClient): Promise<void> {
  const billing = { BillingMode: 'PAY_PER_REQUEST' } as const;
  await client.send(
    new CreateTableCommand({
      ...billing,
      TableName: TABLES.contactPoints,
      AttributeDefinitions: [
        { AttributeName: 'token', AttributeType: 'S' },
        { AttributeName: 'pendingShard', AttributeType: 'S' },
        { AttributeName: 'pendingSince', AttributeType: 'N' },
        { AttributeName: 'pushShard', AttributeType: 'S' },
        { AttributeName: 'pushSince', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'token', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'pending',
          KeySchema: [
            { AttributeName: 'pendingShard', KeyType: 'HASH' },
            { AttributeName: 'pendingSince', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'unpushed',
          KeySchema: [
            { AttributeName: 'pushShard', KeyType: 'HASH' },
            { AttributeName: 'pushSince', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['pushVersion'] },
        },
      ],
    }),
  );
  await client.send(
    new CreateTableCommand({
      ...billing,
      TableName: TABLES.registryBlocks,
      AttributeDefinitions: [{ AttributeName: 'block', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'block', KeyType: 'HASH' }],
    }),
  );
  await createCasesTable(client, TABLES.cases);
}

/** A table of cases of its own: for tests that look at every case there is. */
export async function createCasesTable(client: DynamoDBClient, TableName: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      BillingMode: 'PAY_PER_REQUEST',
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  // It is made last, so that the others are there too: on a busy machine that takes a moment.
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.1 }, { TableName });
}
