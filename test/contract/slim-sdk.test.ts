import { createServer, type Server } from 'node:http';
import * as sdkDynamoDb from '@aws-sdk/client-dynamodb';
import * as sdkSecrets from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as slimDynamoDb from '../../lib/adapters/slim-sdk/client-dynamodb.ts';
import * as slimSecrets from '../../lib/adapters/slim-sdk/client-secrets-manager.ts';
import * as slimSns from '../../lib/adapters/slim-sdk/client-sns.ts';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { createTables, TABLES } from '../support/dynalite.ts';
import { account, clientsOf, credentials, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

let aws: LocalAws;
let folder: ReturnType<typeof temporaryFolder>;
let server: Server | undefined;
beforeEach(async () => {
  folder = temporaryFolder();
  aws = await startLocalAws(folder.path);
  inEnvironment(aws.endpoint);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server?.closeAllConnections();
  server?.close();
  await aws.close();
  folder.remove();
});

/** As Lambda's own environment says it. */
function inEnvironment(endpoint: string, secretAccessKey = credentials.secretAccessKey): void {
  vi.stubEnv('AWS_REGION', account.region);
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
}

/** The same call by the SDK and by what stands in its place. */
async function both(call: (lib: typeof sdkDynamoDb, client: sdkDynamoDb.DynamoDBClient) => Promise<object>) {
  const sdk = clientsOf(aws.endpoint).dynamodb;
  const slim: unknown = new slimDynamoDb.DynamoDBClient();
  const outcomes = [];
  for (const [lib, client] of [
    [sdkDynamoDb, sdk],
    [slimDynamoDb, slim],
  ] as [typeof sdkDynamoDb, sdkDynamoDb.DynamoDBClient][]) {
    const { $metadata: _of, ...output } = Object(
      await call(lib, client).catch(({ name, $metadata: { attempts, httpStatusCode } }) => ({
        ...{ failed: name, isOurs: name in lib, attempts, httpStatusCode },
      })),
    );
    outcomes.push(output);
  }
  return outcomes;
}

const KEY = { token: { S: 'p1.someone' } };
const ITEM = {
  ...KEY,
  version: { N: '1' },
  sealed: { B: Uint8Array.of(0, 1, 254, 255) },
  nested: { M: { B: { S: 'an attribute named B' }, list: { L: [{ BOOL: true }, { NULL: true }] } } },
  umlaut: { S: 'Grüße\n"' },
};

describe('what stands in the place of the SDK', () => {
  beforeEach(async () => {
    const { dynamodb } = clientsOf(aws.endpoint);
    await createTables(dynamodb);
    await dynamodb.send(new sdkDynamoDb.PutItemCommand({ TableName: TABLES.contactPoints, Item: ITEM }));
  });

  it('reads the same items', async () => {
    const RequestItems = { [TABLES.contactPoints]: { Keys: [KEY], ConsistentRead: true } };
    const [sdk, slim] = await both((lib, client) =>
      client.send(new lib.BatchGetItemCommand({ RequestItems })),
    );
    expect(sdk.Responses[TABLES.contactPoints]).toHaveLength(1);
    expect(plain(slim.Responses)).toEqual(plain(sdk.Responses));
    const [one, other] = await both((lib, client) =>
      client.send(new lib.GetItemCommand({ TableName: TABLES.contactPoints, Key: KEY })),
    );
    expect(plain(other.Item)).toEqual(plain(one.Item));
    expect(plain(other.Item)).toEqual(plain(ITEM));
  });

  it('writes on a condition, and names the failure of one alike', async () => {
    const [sdk, slim] = await both((lib, client) =>
      client.send(
        new lib.UpdateItemCommand({
          TableName: TABLES.contactPoints,
          Key: KEY,
          UpdateExpression: 'SET version = :next, sealed = :sealed',
          ConditionExpression: 'version = :known',
          ExpressionAttributeValues: {
            ':known': { N: '9' },
            ':next': { N: '10' },
            ':sealed': { B: Buffer.from('new') },
          },
        }),
      ),
    );
    const condition = { failed: 'ConditionalCheckFailedException', isOurs: true };
    expect(sdk).toEqual({ ...condition, attempts: 1, httpStatusCode: 400 });
    expect(slim).toEqual(sdk);
    const client = new slimDynamoDb.DynamoDBClient();
    const update = new slimDynamoDb.UpdateItemCommand({
      TableName: TABLES.contactPoints,
      Key: KEY,
      UpdateExpression: 'SET sealed = :sealed',
      ExpressionAttributeValues: { ':sealed': { B: Buffer.from([7, 8]) } },
    });
    await client.send(update);
    const { Item } = await clientsOf(aws.endpoint).dynamodb.send(
      new sdkDynamoDb.GetItemCommand({ TableName: TABLES.contactPoints, Key: KEY, ConsistentRead: true }),
    );
    expect([...(Item?.['sealed']?.B ?? [])]).toEqual([7, 8]);
  });

  it.each([
    ['a table that is not there', { TableName: 'none', Key: KEY }, 'ResourceNotFoundException'],
    [
      'a key of another form',
      { TableName: TABLES.contactPoints, Key: { other: { S: 'x' } } },
      'ValidationException',
    ],
  ])('fails for %s by the same name', async (_what, input, name) => {
    const [sdk, slim] = await both((lib, client) => client.send(new lib.GetItemCommand(input)));
    expect([sdk.failed, slim.failed]).toEqual([name, name]);
  });

  it('reads the same secret', async () => {
    const SecretId = aws.secrets.createSecret({ Name: 'pepper', SecretString: '{"version":"p1"}' });
    const sdk = await clientsOf(aws.endpoint).secrets.send(
      new sdkSecrets.GetSecretValueCommand({ SecretId }),
    );
    const slim = await new slimSecrets.SecretsManagerClient().send(
      new slimSecrets.GetSecretValueCommand({ SecretId }),
    );
    expect(slim).toMatchObject({ SecretString: sdk.SecretString, ARN: sdk.ARN });
  });

  it('publishes to a topic, and says what was refused', async () => {
    const TopicArn = aws.sns.createTopic('legal');
    const message = {
      TopicArn,
      Subject: 'An attempt & more',
      Message: '{"decisionId":"d-1"}',
      MessageAttributes: { decisionId: { DataType: 'String', StringValue: 'd-1' } },
    };
    const client = new slimSns.SNSClient();
    await client.send(new slimSns.PublishCommand(message));
    expect(aws.sns.published(TopicArn)).toMatchObject([
      { subject: message.Subject, message: message.Message },
    ]);
    const lost = new slimSns.PublishCommand({ ...message, TopicArn: `${TopicArn}-none` });
    await expect(client.send(lost)).rejects.toMatchObject({ name: expect.stringMatching(/NotFound/) });
  });

  it('is refused with another secret', async () => {
    inEnvironment(aws.endpoint, 'not the secret');
    const get = new slimDynamoDb.GetItemCommand({ TableName: TABLES.contactPoints, Key: KEY });
    await expect(new slimDynamoDb.DynamoDBClient().send(get)).rejects.toThrow();
  });
});

describe('a call that does not go well', () => {
  const get = new slimDynamoDb.GetItemCommand({ TableName: 't', Key: KEY });
  const patience = { maxAttempts: 2, requestHandler: { requestTimeout: 100 } };

  /** A service that answers each call as told; no status: never. */
  async function answering(...statuses: readonly (number | undefined)[]): Promise<() => number> {
    let calls = 0;
    server = createServer((request, response) => {
      const status = statuses[calls];
      calls += 1;
      request.resume();
      if (status === 0) request.socket.destroy();
      else if (status !== undefined) {
        response.writeHead(status);
        response.end(status === 200 ? '{}' : '{"__type":"com.amazonaws#InternalServerError","message":"m"}');
      }
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    inEnvironment(`http://127.0.0.1:${address.port}`);
    return () => calls;
  }

  it.each([
    ['an error of the service', [500, 200]],
    ['a connection that is cut', [0, 200]],
    ['no answer in time', [undefined, 200]],
  ] as const)('is made again after %s', async (_what, statuses) => {
    const calls = await answering(...statuses);
    expect(await new slimDynamoDb.DynamoDBClient(patience).send(get)).toEqual({});
    expect(calls()).toBe(2);
  });

  it.each([
    ['an error of the service', [500, 500, 200], 'InternalServerError'],
    ['no answer in time', [undefined, undefined, 200], 'TimeoutError'],
  ] as const)('fails after two attempts by %s', async (_what, statuses, name) => {
    const calls = await answering(...statuses);
    await expect(new slimDynamoDb.DynamoDBClient(patience).send(get)).rejects.toMatchObject({ name });
    expect(calls()).toBe(2);
  });

  it('says how often it was made, since the first may have been carried out', async () => {
    await answering(500, 400);
    await expect(new slimDynamoDb.DynamoDBClient(patience).send(get)).rejects.toMatchObject({
      $metadata: { attempts: 2, httpStatusCode: 400 },
    });
  });

  it('is not made again where the caller has given up, or where the fault is ours', async () => {
    const calls = await answering(undefined, 400, 200);
    const gaveUp = new slimDynamoDb.DynamoDBClient({ ...patience, requestHandler: { requestTimeout: 5000 } });
    await expect(gaveUp.send(get, { abortSignal: AbortSignal.timeout(50) })).rejects.toThrow();
    expect(calls()).toBe(1);
    await expect(gaveUp.send(get)).rejects.toMatchObject({ name: 'InternalServerError' });
    expect(calls()).toBe(2);
  });
});

/** Buffers and byte arrays alike. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, function replace(key: string, seen: unknown) {
      const held = this[key];
      return held instanceof Uint8Array ? Buffer.from(held).toString('hex') : seen;
    }),
  );
}
