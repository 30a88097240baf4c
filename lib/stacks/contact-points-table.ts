import { AttributeType, ProjectionType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { DurableTable } from '../constructs/durable-table.ts';

/** What is known of contact points, with sparse indexes of what has to go on from there: to the log, and to diallers. */
export function contactPointsTable(scope: Construct, key: IKey): Table {
  const { table } = new DurableTable(scope, 'ContactPoints', {
    key,
    partitionKey: { name: 'token', type: AttributeType.STRING },
    timeToLiveAttribute: 'ttl',
    stream: true,
  });
  // Sparse: only items with entries not yet in the log carry these attributes.
  table.addGlobalSecondaryIndex({
    indexName: 'pending',
    partitionKey: { name: 'pendingShard', type: AttributeType.STRING },
    sortKey: { name: 'pendingSince', type: AttributeType.NUMBER },
    projectionType: ProjectionType.KEYS_ONLY,
  });
  // Sparse: only items of which diallers have not heard yet.
  table.addGlobalSecondaryIndex({
    indexName: 'unpushed',
    partitionKey: { name: 'pushShard', type: AttributeType.STRING },
    sortKey: { name: 'pushSince', type: AttributeType.NUMBER },
    projectionType: ProjectionType.INCLUDE,
    nonKeyAttributes: ['pushVersion'],
  });
  return table;
}
