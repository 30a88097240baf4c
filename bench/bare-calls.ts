import { BatchGetItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

// What a check cannot do without: one read of what it asks and one conditional write, through the client that it has.
// Bundled as check-consent is, and run in a process of its own by bench/check-bundle.ts.

const client = new DynamoDBClient({ maxAttempts: 2 });
const NUMBERS = 500;

/** Reads and writes once. */
export async function handler({ turn }: { readonly turn: number }): Promise<void> {
  const { CONTACT_POINTS_TABLE: TableName = '', REGISTRY_BLOCKS_TABLE: blocks = '' } = process.env;
  const Key = { token: { S: `bare-${turn % NUMBERS}` } };
  const block = (name: string) => ({ block: { S: `${name}-${turn % NUMBERS}` } });
  await client.send(
    new BatchGetItemCommand({
      RequestItems: {
        [TableName]: { Keys: [Key], ConsistentRead: true },
        [blocks]: { Keys: [block('version'), block('numbers')] },
      },
    }),
  );
  await client.send(
    new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET version = :version',
      ConditionExpression: 'attribute_not_exists(#token) OR version < :version',
      ExpressionAttributeNames: { '#token': 'token' },
      ExpressionAttributeValues: { ':version': { N: String(turn + 1) } },
    }),
  );
}
