import {
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { ListRulesCommand, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { ListTopicsCommand, PublishCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { account, clientsOf, credentials, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

const folder = temporaryFolder();
let aws: LocalAws;
let clients: ReturnType<typeof clientsOf>;

beforeAll(async () => {
  aws = await startLocalAws(folder.path);
  clients = clientsOf(aws.endpoint);
});
afterAll(async () => {
  await aws.close();
  folder.remove();
});

const allClients = (as: typeof credentials) => {
  const { dynamodb, events, lambda, secrets, sns, sqs } = clientsOf(aws.endpoint, as);
  return {
    dynamodb: () => dynamodb.send(new GetItemCommand({ TableName: 'none', Key: { id: { S: 'x' } } })),
    events: () =>
      events.send(new PutEventsCommand({ Entries: [{ Source: 'a', DetailType: 'b', Detail: '{}' }] })),
    lambda: () => lambda.send(new InvokeCommand({ FunctionName: 'none' })),
    secretsmanager: () => secrets.send(new GetSecretValueCommand({ SecretId: 'none' })),
    sns: () => sns.send(new PublishCommand({ TopicArn: 'arn:none', Message: 'x' })),
    sqs: () => sqs.send(new ListQueuesCommand({})),
  };
};
const names = ['dynamodb', 'events', 'lambda', 'secretsmanager', 'sns', 'sqs'] as const;

describe('signatures', () => {
  test.each(names)('%s refuses a wrong secret key with 403', async (name) => {
    const call = allClients({ ...credentials, secretAccessKey: 'wrong' })[name];
    await expect(call()).rejects.toMatchObject({
      name: name === 'sns' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test.each(names)('%s refuses an unknown access key with 403', async (name) => {
    const call = allClients({ ...credentials, accessKeyId: 'AKIDUNKNOWN' })[name];
    await expect(call()).rejects.toMatchObject({
      name: name === 'sns' ? 'InvalidClientTokenId' : 'UnrecognizedClientException',
      $metadata: { httpStatusCode: 403 },
    });
  });

  test.each([
    ['dynamodb', { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, '/', '{}'],
    ['events', { 'x-amz-target': 'AWSEvents.PutEvents' }, '/', '{}'],
    ['secretsmanager', { 'x-amz-target': 'secretsmanager.GetSecretValue' }, '/', '{}'],
    ['sqs', { 'x-amz-target': 'AmazonSQS.ListQueues' }, '/', '{}'],
    ['lambda', {}, '/2015-03-31/functions/f/invocations', '{}'],
    ['sns', { 'content-type': 'application/x-www-form-urlencoded' }, '/', 'Action=Publish'],
  ] as const)('%s refuses an unsigned request with 403', async (_name, headers, path, body) => {
    const response = await fetch(aws.endpoint + path, { method: 'POST', headers, body });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('MissingAuthenticationToken');
  });

  test('a body that was changed after signing is refused', async () => {
    const { sqs } = clientsOf(aws.endpoint);
    sqs.middlewareStack.add(
      (next) => (args) => {
        Reflect.set(Object(args.request), 'body', '{"QueueNamePrefix":"other"}');
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    await expect(sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'first' }))).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
  });
});

describe('what is not there', () => {
  test.each([
    ['an SQS action', () => clients.sqs.send(new CreateQueueCommand({ QueueName: 'new' }))],
    ['an EventBridge action', () => clients.events.send(new ListRulesCommand({}))],
    ['a Secrets Manager action', () => clients.secrets.send(new ListSecretsCommand({}))],
    ['a Lambda action', () => clients.lambda.send(new ListFunctionsCommand({}))],
    ['a DynamoDB action', () => clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [] }))],
  ])('%s is refused as unknown', async (_name, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });

  test('an SNS action is refused as invalid', async () => {
    await expect(clients.sns.send(new ListTopicsCommand({}))).rejects.toMatchObject({
      name: 'InvalidAction',
    });
  });

  test('a resource is reported by the exception of its service', async () => {
    const missing = { SecretId: 'none' };
    await expect(clients.secrets.send(new GetSecretValueCommand(missing))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const publish = new PublishCommand({ TopicArn: 'arn:aws:sns:eu-central-1:0:none', Message: 'x' });
    await expect(clients.sns.send(publish)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('DynamoDB', () => {
  const put = (client: DynamoDBClient) =>
    client.send(
      new PutItemCommand({
        TableName: 'things',
        Item: { id: { S: 'one' }, count: { N: '1' } },
        ConditionExpression: 'attribute_not_exists(id)',
      }),
    );

  test('keeps items over a restart, and its conditional checks', async () => {
    const own = temporaryFolder();
    const first = await startLocalAws(own.path);
    const { dynamodb } = clientsOf(first.endpoint);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'things',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await put(dynamodb);
    await expect(put(dynamodb)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    await first.close();
    const second = await startLocalAws(own.path);
    const again = clientsOf(second.endpoint).dynamodb;
    const { Item } = await again.send(new GetItemCommand({ TableName: 'things', Key: { id: { S: 'one' } } }));
    expect(Item).toEqual({ id: { S: 'one' }, count: { N: '1' } });
    await second.close();
    own.remove();
  });
});

describe('Secrets Manager', () => {
  test('a generated secret follows its template and survives a restart', async () => {
    const own = temporaryFolder();
    const properties = {
      Name: 'pepper',
      GenerateSecretString: {
        SecretStringTemplate: '{"version":"p1"}',
        GenerateStringKey: 'pepper',
        PasswordLength: 64,
        ExcludePunctuation: true,
      },
    };
    const values: unknown[] = [];
    for (let run = 0; run < 2; run += 1) {
      const started = await startLocalAws(own.path);
      const arn = started.secrets.createSecret(properties);
      const { secrets } = clientsOf(started.endpoint);
      values.push((await secrets.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString);
      const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'pepper' }));
      expect(described).toMatchObject({ ARN: arn, Name: 'pepper', CreatedDate: expect.any(Date) });
      await started.close();
    }
    expect(JSON.parse(String(values[0]))).toEqual({
      version: 'p1',
      pepper: expect.stringMatching(/^[A-Za-z0-9]{64}$/),
    });
    expect(values[1]).toBe(values[0]);
    own.remove();
  });

  test('a value that an operator puts in replaces the generated one, also for the next run', async () => {
    const own = temporaryFolder();
    const properties = {
      Name: 'client',
      GenerateSecretString: { SecretStringTemplate: '{"clientId":""}', GenerateStringKey: 'clientSecret' },
    };
    for (const value of ['first', 'second']) {
      const started = await startLocalAws(own.path);
      const { secrets } = clientsOf(started.endpoint);
      const SecretId = started.secrets.createSecret(properties);
      const before = await secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(before.SecretString).toMatch(value === 'first' ? /^\{"clientId":""/ : /^first$/);
      const put = await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
      expect(put).toMatchObject({ ARN: SecretId, VersionStages: ['AWSCURRENT'] });
      const after = await secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(after).toMatchObject({ SecretString: value, VersionId: put.VersionId });
      expect(after.VersionId).not.toBe(before.VersionId);
      await started.close();
    }
    own.remove();
  });
});

describe('SNS', () => {
  test('what is published can be read by topic, also after a restart', async () => {
    const own = temporaryFolder();
    const first = await startLocalAws(own.path);
    const TopicArn = first.sns.createTopic('legal-alerts');
    const other = first.sns.createTopic('other');
    const { sns } = clientsOf(first.endpoint);
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'hold' } };
    const { MessageId } = await sns.send(
      new PublishCommand({ TopicArn, Subject: 'Hold & <release>', Message: 'a "b" & c', MessageAttributes }),
    );
    const long = new PublishCommand({ TopicArn, Message: 'x'.repeat(262_145) });
    await expect(sns.send(long)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await first.close();
    const second = await startLocalAws(own.path);
    expect(second.sns.published(TopicArn)).toEqual([
      {
        topicArn: TopicArn,
        messageId: MessageId,
        subject: 'Hold & <release>',
        message: 'a "b" & c',
        attributes: { kind: 'hold' },
        publishedAt: expect.any(Number),
      },
    ]);
    expect(second.sns.published(other)).toEqual([]);
    await second.close();
    own.remove();
  });
});

describe('the gateway', () => {
  test('listens on the loopback interface only', () => {
    expect(aws.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test('hands what is signed for S3 to the S3 handler unread', async () => {
    const own = temporaryFolder();
    const started = await startLocalAws(own.path);
    started.gateway.routeS3({
      async handle(request, response) {
        response.end(`${request.method} ${request.url}`);
      },
    });
    const authorization = `AWS4-HMAC-SHA256 Credential=x/20261122/${account.region}/s3/aws4_request, Signature=y`;
    const response = await fetch(`${started.endpoint}/bucket/key`, { headers: { authorization } });
    expect(await response.text()).toBe('GET /bucket/key');
    await started.close();
    own.remove();
  });
});
