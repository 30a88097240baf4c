import { ArnFormat, Stack, Token, Validations } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  type Conditions,
  ManagedPolicy,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import * as z from 'zod';
import type { StorageStack } from './storage.ts';

export type AuditorProps = {
  readonly storage: StorageStack;
  /** IAM path, such as `auditors/`, of the users who may become auditors. */
  readonly path: string;
  readonly workGroup: string;
  readonly database: string;
  /** What the names of the deployment's stacks begin with. */
  readonly deployment: string;
};

const THROUGH_ATHENA: Conditions = {
  'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' },
};

/**
 * The role of somebody who checks the log: reads every version of it with its lock, and asks it through the work group.
 * It reads no table, secret or list, and writes nothing but results of its queries, through Athena. Its boundary is its
 * own policy, so that no policy that is attached later permits more.
 */
export class Auditor extends Construct {
  readonly role: Role;
  readonly #props: AuditorProps;

  constructor(scope: Construct, id: string, props: AuditorProps) {
    super(scope, id);
    this.#props = props;
    const statements = () => [
      ...this.#readLog(),
      ...this.#useResults(),
      ...this.#useKey(),
      ...this.#ask(),
      ...this.#findNames(),
    ];
    const boundary = new ManagedPolicy(this, 'Boundary', {
      description: 'The most that an auditor of Dialguard may ever do',
      statements: statements(),
    });
    this.role = new Role(this, 'Role', {
      description: 'Reads and queries the audit log of Dialguard, and nothing else',
      assumedBy: new AccountRootPrincipal().withConditions({
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        ArnLike: { 'aws:PrincipalArn': this.#arn('iam', 'user', `${props.path}*`) },
      }),
      permissionsBoundary: boundary,
    });
    for (const statement of statements()) this.role.addToPolicy(statement);
    for (const policy of [this.role, boundary]) this.#acknowledge(policy);
  }

  #readLog(): readonly PolicyStatement[] {
    const { audit } = this.#props.storage;
    return [
      allow(['s3:GetObject', 's3:GetObjectRetention', 's3:GetObjectVersion'], [audit.arnForObjects('*')]),
      allow(
        [
          's3:GetBucketLocation',
          's3:GetBucketObjectLockConfiguration',
          's3:GetBucketPolicy',
          's3:GetBucketVersioning',
          's3:ListBucket',
          's3:ListBucketVersions',
        ],
        [audit.bucketArn],
      ),
    ];
  }

  // https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html
  #useResults(): readonly PolicyStatement[] {
    const { queryResults } = this.#props.storage;
    const objects = queryResults.arnForObjects('*');
    return [
      allow(['s3:GetObject'], [objects]),
      allow(['s3:GetBucketLocation', 's3:ListBucket'], [queryResults.bucketArn]),
      allow(
        ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'],
        [objects],
        THROUGH_ATHENA,
      ),
      allow(['s3:ListBucketMultipartUploads'], [queryResults.bucketArn], THROUGH_ATHENA),
    ];
  }

  /** S3 names the bucket to KMS, or the object where it has no bucket key. */
  #useKey(): readonly PolicyStatement[] {
    const { audit, auditKey, logKey, queryResults } = this.#props.storage;
    const throughS3For = (buckets: readonly Bucket[]): Conditions => ({
      StringEquals: { 'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com` },
      StringLike: {
        'kms:EncryptionContext:aws:s3:arn': buckets.flatMap((bucket) => [
          bucket.bucketArn,
          bucket.arnForObjects('*'),
        ]),
      },
    });
    return [
      allow(['kms:Decrypt'], [auditKey.keyArn], throughS3For([audit, queryResults])),
      allow(['kms:GenerateDataKey'], [auditKey.keyArn], throughS3For([queryResults])),
      // To compare with the key that lies beside the log.
      allow(['kms:GetPublicKey'], [logKey.keyArn]),
    ];
  }

  // https://docs.aws.amazon.com/athena/latest/ug/workgroups-iam-policy.html, fine-grained-access-to-glue-resources.html
  #ask(): readonly PolicyStatement[] {
    const { workGroup, database } = this.#props;
    return [
      allow(
        [
          'athena:BatchGetNamedQuery',
          'athena:BatchGetQueryExecution',
          'athena:GetNamedQuery',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:GetQueryResultsStream',
          'athena:GetQueryRuntimeStatistics',
          'athena:GetWorkGroup',
          'athena:ListNamedQueries',
          'athena:ListQueryExecutions',
          'athena:StartQueryExecution',
          'athena:StopQueryExecution',
        ],
        [this.#arn('athena', 'workgroup', workGroup)],
      ),
      allow(
        [
          'athena:GetDataCatalog',
          'athena:GetDatabase',
          'athena:GetTableMetadata',
          'athena:ListDatabases',
          'athena:ListTableMetadata',
        ],
        [this.#arn('athena', 'datacatalog', 'AwsDataCatalog')],
      ),
      allow(
        ['glue:GetDatabase', 'glue:GetDatabases', 'glue:GetTable', 'glue:GetTables'],
        [
          this.#arn('glue', 'catalog'),
          // Athena asks for it whatever is queried.
          this.#arn('glue', 'database', 'default'),
          this.#arn('glue', 'database', database),
          this.#arn('glue', 'table', `${database}/*`),
        ],
      ),
      // The console's lists of what there is; they take no resource.
      allow(['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'], ['*']),
    ];
  }

  /** Outputs of the stacks, by which the command finds the log. */
  #findNames(): readonly PolicyStatement[] {
    const stacks = this.#arn('cloudformation', 'stack', `${this.#props.deployment}-*/*`);
    return [allow(['cloudformation:DescribeStacks'], [stacks])];
  }

  #arn(service: string, resource: string, resourceName?: string): string {
    return Stack.of(this).formatArn({
      service,
      resource,
      ...(service === 'iam' && { region: '' }),
      ...(resourceName === undefined ? { arnFormat: ArnFormat.NO_RESOURCE_NAME } : { resourceName }),
    });
  }

  #acknowledge(policy: Role | ManagedPolicy): void {
    const { storage, database, deployment } = this.#props;
    const accept = (resource: string, reason: string) =>
      Validations.of(policy).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
    for (const bucket of [storage.audit, storage.queryResults]) {
      accept(
        `${exportOf(bucket)}/*`,
        'An auditor reads the whole log, and results that Athena names at run time.',
      );
    }
    const { region, account, partition } = placeOf(this);
    accept(
      `arn:${partition}:glue:${region}:${account}:table/${database}/*`,
      'The views of the log: every table of a database that holds nothing else.',
    );
    accept(
      `arn:${partition}:cloudformation:${region}:${account}:stack/${deployment}-*/*`,
      'Ids of stacks are made at deployment; their names are of this deployment alone.',
    );
    accept('*', 'The lists of work groups, catalogs and engine versions of Athena take no resource.');
  }
}

const Export = z.object({ 'Fn::ImportValue': z.string() });

// cdk-nag names an imported ARN by its export.
function exportOf(bucket: Bucket): string {
  const stack = Stack.of(bucket);
  return Export.parse(stack.resolve(stack.exportValue(bucket.bucketArn)))['Fn::ImportValue'];
}

/** How cdk-nag writes where a stack is: `<AWS::AccountId>` where the account is not known. */
function placeOf(scope: Construct): { region: string; account: string; partition: string } {
  const { region, account, partition } = Stack.of(scope);
  return { region, account: Token.isUnresolved(account) ? '<AWS::AccountId>' : account, partition };
}

function allow(actions: string[], resources: string[], conditions?: Conditions): PolicyStatement {
  return new PolicyStatement({ actions, resources, ...(conditions !== undefined && { conditions }) });
}
