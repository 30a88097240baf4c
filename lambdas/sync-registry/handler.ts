import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { v7 } from 'uuid';
import { createTelemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoRegistryBlocks } from '../../lib/adapters/dynamodb/registry-blocks.ts';
import { registrySource } from '../../lib/adapters/http/registry-source.ts';
import { S3RegistryInbox } from '../../lib/adapters/s3/registry-inbox.ts';
import { S3RegistrySnapshots } from '../../lib/adapters/s3/registry-snapshots.ts';
import { visibilityOf } from '../../lib/adapters/sqs/visibility.ts';
import { Config } from './config.ts';
import { createSyncRegistry } from './sync-registry.ts';

const config = Config.parse(process.env);
const dynamodb = new DynamoDBClient();
const s3 = new S3Client();
const inbox = new S3RegistryInbox(s3, config.REGISTRY_BUCKET);

export const handler = createSyncRegistry({
  inbox,
  snapshots: new S3RegistrySnapshots(s3, config.REGISTRY_BUCKET),
  blocks: new DynamoRegistryBlocks(dynamodb, config.REGISTRY_BLOCKS_TABLE),
  contactPoints: new DynamoContactPoints(dynamodb, config.CONTACT_POINTS_TABLE),
  registries: config.REGISTRIES,
  fetchList: registrySource(new SecretsManagerClient(), inbox),
  tryAgainIn: visibilityOf(new SQSClient(), config.REGISTRY_QUEUE_URL),
  now: Date.now,
  newId: v7,
  telemetry: createTelemetry('sync-registry', Date.now),
});
