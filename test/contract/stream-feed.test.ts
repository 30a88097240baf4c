import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { App, CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DialguardFunction } from '../../lib/constructs/dialguard-function.ts';
import { undeliveredQueue } from '../../lib/constructs/durable-queue.ts';
import { DurableTable } from '../../lib/constructs/durable-table.ts';
import { feedFromStream } from '../../lib/constructs/stream-feed.ts';
import { type Assembly, readAssembly } from '../../lib/local/boot/assembly.ts';
import { createResources } from '../../lib/local/boot/create-resources.ts';
import { resolveAssembly } from '../../lib/local/boot/resolved-assembly.ts';
import type { EventSourceMapping } from '../../lib/local/event-source-mapping/batch.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { createLocalS3 } from '../../lib/local/s3/server.ts';
import { bundle, codeFolder } from './function-fixture.ts';
import { account, credentials, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

let folder: ReturnType<typeof temporaryFolder>;
let aws: LocalAws;
let dynamodb: DynamoDBClient;
let mappings: readonly EventSourceMapping[];
let said: string;

beforeEach(async () => {
  folder = temporaryFolder();
  said = '';
  mappings = [];
  aws = await startLocalAws(folder.path, {
    hooks: {
      onLog: (_name, text) => {
        said += text;
      },
    },
  });
  dynamodb = new DynamoDBClient({ endpoint: aws.endpoint, region: account.region, credentials });
});
afterEach(async () => {
  await Promise.all(mappings.map((mapping) => mapping.close()));
  dynamodb.destroy();
  await aws.close();
  folder.remove();
});

/** What CDK writes for a table whose stream feeds a Lambda that says what it gets. */
function synthesized(change: (template: Stack) => void = () => {}): Assembly {
  const outdir = join(folder.path, 'assembly');
  mkdirSync(outdir);
  const env = { account: account.accountId, region: account.region };
  const app = new App({ outdir, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Stack', { env });
  const key = new Key(stack, 'Key');
  const partitionKey = { name: 'token', type: AttributeType.STRING };
  const { table } = new DurableTable(stack, 'Items', { key, partitionKey, stream: true });
  const code = bundle('async (event) => { console.log(JSON.stringify(event)); }');
  const reader = new DialguardFunction(stack, 'Reader', {
    name: 'resolve-review',
    bundle: () => Code.fromAsset(codeFolder(folder.path, 'reader', code)),
    environment: { CONTACT_POINTS_TABLE: table.tableName, CASES_TABLE: table.tableName },
    timeout: Duration.seconds(10),
    memoryMb: 256,
    key,
    logRetentionDays: RetentionDays.ONE_MONTH,
    tracing: false,
  });
  feedFromStream(stack, {
    table,
    reader,
    batchSize: 25,
    filter: { dynamodb: { NewImage: { pushShard: { S: [{ exists: true }] } } } },
    undelivered: undeliveredQueue(stack, 'Undelivered', key),
  });
  change(stack);
  return readAssembly(app.synth().directory);
}

async function boot(assembly: Assembly): Promise<string> {
  const origins = { account, awsEndpoint: aws.endpoint, apiUrl: 'http://127.0.0.1:1' };
  const resolved = resolveAssembly(assembly, origins);
  const s3 = createLocalS3({
    ...{ folder: join(folder.path, 's3'), credentials, region: account.region, accountId: account.accountId },
    now: Date.now,
  });
  const code = {
    assets: assembly.assets,
    environment: (variables: Readonly<Record<string, string>>) => variables,
  };
  const { startMappings } = await createResources(resolved, { ...aws, dynamodb, s3 }, code);
  mappings = startMappings(account);
  return resolved.ofType('AWS::DynamoDB::Table')[0]?.ref ?? '';
}

const edit = (path: string, property: string, value: unknown) => (stack: Stack) => {
  const resource = stack.node.findAll().find((one) => one.node.path === `Stack/${path}`);
  if (resource === undefined || !CfnResource.isCfnResource(resource)) throw new Error(`There is no ${path}.`);
  resource.addPropertyOverride(property, value);
};

describe('a table whose stream feeds a Lambda, as CDK writes it', () => {
  test('boots, and its Lambda gets what the filter lets through', async () => {
    const TableName = await boot(synthesized());
    const put = (token: string, pushShard?: string) =>
      dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: { token: { S: token }, ...(pushShard !== undefined && { pushShard: { S: pushShard } }) },
        }),
      );
    await put('plain');
    await put('marked', '7');
    await expect.poll(() => said).toContain('"marked"');
    const [line = ''] = said.split('\n').filter((text) => text.includes('Records'));
    expect(JSON.parse(line.slice(line.indexOf('{'))).Records).toEqual([
      expect.objectContaining({
        eventName: 'INSERT',
        eventSourceARN: `arn:aws:dynamodb:${account.region}:${account.accountId}:table/${TableName}/stream/local`,
        dynamodb: expect.objectContaining({ NewImage: { token: { S: 'marked' }, pushShard: { S: '7' } } }),
      }),
    ]);
    expect(said).not.toContain('"plain"');
  });

  test.each([
    {
      name: 'images of before',
      change: edit('Items/Table/Resource', 'StreamSpecification.StreamViewType', 'OLD_IMAGE'),
      said: 'stack-itemstable: the local stack has streams of NEW_IMAGE, not of OLD_IMAGE.',
    },
    {
      name: 'no stream',
      change: edit('Items/Table/Resource', 'StreamSpecification', undefined),
      said: 'table/stack-itemstable/stream/local does not exist.',
    },
    {
      name: 'a mapping with a tumbling window',
      change: edit('StreamFeed/Resource', 'TumblingWindowInSeconds', 30),
      said: 'TumblingWindowInSeconds',
    },
  ])('does not boot with $name', async ({ change, said: expected }) => {
    await expect(boot(synthesized(change))).rejects.toThrow(expected);
  });
});
