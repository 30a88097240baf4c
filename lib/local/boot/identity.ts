import { arnOf } from '../arn.ts';
import type { AwsAccount } from '../aws-service.ts';
import { streamArn } from '../dynamodb-streams/stream.ts';
import type { Json, TemplateResource } from './assembly.ts';

/** What other resources can know of a resource: the value of Ref and the attributes of Fn::GetAtt. */
export type Identity = {
  readonly name: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
};

export type Origins = {
  readonly account: AwsAccount;
  /** Origin of the local AWS, of which queue URLs are made. */
  readonly awsEndpoint: string;
  /** Origin of the HTTP API. */
  readonly apiUrl: string;
};

type Identify = (name: string, origins: Origins) => Pick<Identity, 'ref' | 'attributes'>;

const named =
  (service: string, prefix = ''): Identify =>
  (name, { account }) => ({ ref: name, attributes: { Arn: arnOf(account, service, `${prefix}${name}`) } });

const byArn =
  (service: string, attributes: (name: string) => Record<string, string> = () => ({})): Identify =>
  (name, { account }) => ({ ref: arnOf(account, service, name), attributes: attributes(name) });

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html, "Return values"
const IDENTITIES: Readonly<Record<string, Identify>> = {
  'AWS::DynamoDB::Table': (name, { account }) => ({
    ref: name,
    attributes: { Arn: arnOf(account, 'dynamodb', `table/${name}`), StreamArn: streamArn(account, name) },
  }),
  'AWS::Lambda::Function': named('lambda', 'function:'),
  'AWS::IAM::Role': named('iam', 'role/'),
  'AWS::KMS::Key': named('kms', 'key/'),
  'AWS::Logs::LogGroup': named('logs', 'log-group:'),
  'AWS::S3::Bucket': (name) => ({ ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } }),
  'AWS::SQS::Queue': (name, { account, awsEndpoint }) => ({
    ref: `${awsEndpoint}/${account.accountId}/${name}`,
    attributes: { Arn: arnOf(account, 'sqs', name), QueueName: name },
  }),
  'AWS::SNS::Topic': (name, { account }) => {
    const arn = arnOf(account, 'sns', name);
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
  'AWS::Events::EventBus': (name, { account }) => ({
    ref: name,
    attributes: { Arn: arnOf(account, 'events', `event-bus/${name}`), Name: name },
  }),
  'AWS::Events::Rule': (name, { account }) => ({
    ref: name,
    attributes: { Arn: arnOf(account, 'events', `rule/${name}`) },
  }),
  'AWS::SecretsManager::Secret': byArn('secretsmanager'),
  'AWS::ApiGatewayV2::Api': (name, { apiUrl }) => ({
    ref: name,
    attributes: { ApiEndpoint: apiUrl, ApiId: name },
  }),
};

/** The name of the resource's own in its properties, where CloudFormation lets one be given. */
const NAME_PROPERTIES = [
  'TableName',
  'BucketName',
  'QueueName',
  'TopicName',
  'FunctionName',
  'RoleName',
  'Name',
  'Identifier',
  'Domain',
];

/** Names a resource the same way on every boot, so that what it holds outlives the process. */
export function identify(
  resource: TemplateResource,
  properties: Readonly<Record<string, Json>>,
  origins: Origins,
): Identity {
  const given = NAME_PROPERTIES.map((property) => properties[property]).find(
    (name) => typeof name === 'string',
  );
  const name = resource.type === 'AWS::ApiGatewayV2::Api' ? undefined : given;
  const own = name ?? generatedName(resource, properties);
  const identity = (IDENTITIES[resource.type] ?? ((ref) => ({ ref, attributes: {} })))(own, origins);
  return { name: own, ...identity };
}

/** Lambda takes no longer ones; other services take 80 and more. */
const LONGEST_NAME = 64;

function generatedName(
  { stack, logicalId, type }: TemplateResource,
  properties: Readonly<Record<string, Json>>,
): string {
  const fifo = type === 'AWS::SQS::Queue' && properties['FifoQueue'] === true ? '.fifo' : '';
  // The hash that CDK appends to a logical id says nothing to a reader, unless what tells names apart is cut off.
  const name = `${stack}-${logicalId.replace(/[0-9A-F]{8}$/, '')}`;
  const short =
    name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 9)}-${logicalId.slice(-8)}`;
  return short.toLowerCase() + fifo;
}
