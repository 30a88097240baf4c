import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { AwsAccount } from '../aws-service.ts';
import type { DynamoDbStreams } from '../dynamodb-streams/streams.ts';
import type { EventBridge } from '../event-bridge/event-bridge.ts';
import type { EventSourceMapping } from '../event-source-mapping/batch.ts';
import { KeyProperties, type Kms } from '../kms.ts';
import type { Lambda } from '../lambda/lambda.ts';
import type { LocalS3 } from '../s3/server.ts';
import type { Secrets } from '../secrets.ts';
import type { Sns } from '../sns.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { Json } from './assembly.ts';
import { createTable } from './create-table.ts';
import type { ResolvedAssembly, Resource } from './resolved-assembly.ts';
import { startMapping } from './start-mapping.ts';

export type LocalServices = {
  readonly dynamodb: DynamoDBClient;
  readonly streams: DynamoDbStreams;
  readonly s3: LocalS3;
  readonly sqs: Sqs;
  readonly sns: Sns;
  readonly secrets: Secrets;
  readonly kms: Kms;
  readonly eventBridge: EventBridge;
  readonly lambda: Lambda;
};

/** Resources that change nothing on one machine: permissions, logs, alarms, Athena, and the pool that issues tokens. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Athena::NamedQuery',
  'AWS::Athena::WorkGroup',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolResourceServer',
  'AWS::Events::Archive',
  'AWS::Events::EventBusPolicy',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::Secret',
]);

const CREATED = [
  'AWS::DynamoDB::Table',
  'AWS::KMS::Key',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::Lambda::Function',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::EventSourceMapping',
];

const Lock = z.object({
  Rule: z.object({
    DefaultRetention: z.object({ Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), Days: z.number() }),
  }),
});
const Bucket = z.object({
  VersioningConfiguration: z.object({ Status: z.string() }).optional(),
  ObjectLockConfiguration: Lock.optional(),
  NotificationConfiguration: z.object({ EventBridgeConfiguration: z.unknown().optional() }).optional(),
});
const BucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: z.unknown() });
const CodeProperties = z.object({ Code: z.object({ S3Key: z.string() }) });
const InvokeConfig = z.object({ FunctionName: z.string() }).loose();
const Redrive = z.object({ deadLetterTargetArn: z.string() });

export type FunctionCode = {
  /** Asset hash -> folder. */
  readonly assets: ReadonlyMap<string, string>;
  /** The environment that a function gets in place of the template's. */
  readonly environment: (variables: Readonly<Record<string, string>>) => Readonly<Record<string, string>>;
};

/**
 * Creates what the templates say.
 *
 * @returns the buckets that announce their objects, and the event source mappings, which are running.
 * @throws Error for a resource type that the local stack does not know.
 */
export async function createResources(
  resolved: ResolvedAssembly,
  services: LocalServices,
  code: FunctionCode,
): Promise<{
  readonly announcing: ReadonlySet<string>;
  startMappings(account: AwsAccount): readonly EventSourceMapping[];
}> {
  const unknown = [...resolved.types].filter((type) => !WITHOUT_EFFECT.has(type) && !CREATED.includes(type));
  if (unknown.length > 0) throw new Error(`The local stack has no ${unknown.join(', ')}.`);
  for (const table of resolved.ofType('AWS::DynamoDB::Table')) await createTable(services, table);
  for (const { ref, properties } of resolved.ofType('AWS::KMS::Key')) {
    services.kms.createKey(ref, KeyProperties.parse(properties));
  }
  for (const { ref } of resolved.ofType('AWS::SNS::Topic'))
    services.sns.createTopic(ref.split(':').at(-1) ?? ref);
  for (const queue of deadLettersFirst(resolved.ofType('AWS::SQS::Queue'))) {
    services.sqs.createQueue({ ...queue.properties, QueueName: queue.identity.name });
  }
  const announcing = createBuckets(resolved, services.s3);
  createFunctions(resolved, services.lambda, code);
  for (const { ref } of resolved.ofType('AWS::Events::EventBus')) services.eventBridge.createBus(ref);
  for (const rule of resolved.ofType('AWS::Events::Rule')) {
    const { Description: _said, ...properties } = rule.properties;
    services.eventBridge.putRule({ ...properties, Name: rule.identity.name });
  }
  const mappings = resolved.ofType('AWS::Lambda::EventSourceMapping');
  return {
    announcing,
    startMappings: (account) => mappings.map((mapping) => startMapping(services, account, mapping)),
  };
}

function deadLettersFirst(queues: readonly Resource[]): readonly Resource[] {
  const isDeadLetterQueue = ({ identity }: Resource) =>
    queues.some(({ properties }) => redriveArn(properties['RedrivePolicy']) === identity.attributes['Arn']);
  return [...queues.filter(isDeadLetterQueue), ...queues.filter((queue) => !isDeadLetterQueue(queue))];
}

function redriveArn(policy: Json | undefined): string | undefined {
  return policy === undefined ? undefined : Redrive.parse(policy).deadLetterTargetArn;
}

function createBuckets(resolved: ResolvedAssembly, s3: LocalS3): ReadonlySet<string> {
  const policies = new Map(
    resolved.ofType('AWS::S3::BucketPolicy').map(({ properties }) => {
      const { Bucket: bucket, PolicyDocument } = BucketPolicy.parse(properties);
      return [bucket, PolicyDocument];
    }),
  );
  const announcing = new Set<string>();
  for (const { ref, properties } of resolved.ofType('AWS::S3::Bucket')) {
    const { VersioningConfiguration, ObjectLockConfiguration, NotificationConfiguration } =
      Bucket.parse(properties);
    const retention = ObjectLockConfiguration?.Rule.DefaultRetention;
    s3.createBucket({
      name: ref,
      versioned: VersioningConfiguration?.Status === 'Enabled',
      policy: policies.get(ref),
      ...(retention === undefined ? {} : { objectLock: { mode: retention.Mode, days: retention.Days } }),
    });
    if (NotificationConfiguration?.EventBridgeConfiguration !== undefined) announcing.add(ref);
  }
  return announcing;
}

function createFunctions(
  resolved: ResolvedAssembly,
  lambda: Lambda,
  { assets, environment }: FunctionCode,
): void {
  const configs = new Map(
    resolved.ofType('AWS::Lambda::EventInvokeConfig').map(({ properties }) => {
      const { FunctionName, ...config } = InvokeConfig.parse(properties);
      return [FunctionName, config];
    }),
  );
  for (const { ref, properties } of resolved.ofType('AWS::Lambda::Function')) {
    const folder = assets.get(CodeProperties.parse(properties).Code.S3Key.replace(/\.zip$/, ''));
    if (folder === undefined)
      throw new Error(`The code of ${ref} is in no asset: was it synthesized with its code?`);
    const { Environment, ...rest } = LocalFunction.parse({
      ...properties,
      ...configs.get(ref),
      FunctionName: ref,
      CodeFolder: folder,
    });
    lambda.createFunction({
      ...rest,
      ...(Environment && { Environment: { Variables: environment(Environment.Variables) } }),
    });
  }
}

/** What the local Lambda reads; the rest of the properties is for AWS. */
const LocalFunction = z.object({
  FunctionName: z.string(),
  CodeFolder: z.string(),
  Handler: z.string(),
  Timeout: z.number().optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
  ReservedConcurrentExecutions: z.number().optional(),
  MaximumRetryAttempts: z.number().optional(),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).optional(),
});
