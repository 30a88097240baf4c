import { CreateTableCommand, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { StreamSpecification } from '../dynamodb-streams/streams.ts';
import type { LocalServices } from './create-resources.ts';
import type { Resource } from './resolved-assembly.ts';

const KeySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const TableProperties = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  StreamSpecification: StreamSpecification.optional(),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
});

/**
 * Creates a table, and its stream where it has one.
 *
 * @throws Error for a stream of another view type than NEW_IMAGE.
 */
export async function createTable(
  { dynamodb, streams }: Pick<LocalServices, 'dynamodb' | 'streams'>,
  { properties, identity }: Resource,
): Promise<void> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode, StreamSpecification } =
    TableProperties.parse(properties);
  if (StreamSpecification !== undefined) {
    streams.createStream({ TableName: identity.name, KeySchema, StreamSpecification });
  }
  try {
    await dynamodb.send(
      new CreateTableCommand({
        TableName: identity.name,
        AttributeDefinitions,
        KeySchema,
        BillingMode,
        ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
      }),
    );
  } catch (error) {
    // An earlier run has made it.
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}
