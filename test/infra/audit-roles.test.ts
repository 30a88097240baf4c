import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployments } from '../../lib/stacks/deployments.ts';
import { referent, type Statement, statements } from './policies.ts';
import { ofType, type Synthesized, synthesize } from './templates.ts';

const all = deployments.map((deployment) => synthesize(deployment));

const Policy = z.object({
  PolicyDocument: z.unknown(),
  Roles: z.array(z.object({ Ref: z.string() })).default([]),
});

/** Every statement of every policy of a role, and of its boundary. */
function statementsOf(synthesized: Synthesized, role: string): readonly Statement[] {
  const policies = ofType(synthesized, 'AWS::IAM::Policy').map(([, { Properties }]) =>
    Policy.parse(Properties),
  );
  const own = policies.filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)));
  expect(own.length).toBeGreaterThan(0);
  return own.flatMap(({ PolicyDocument }) => statements(PolicyDocument));
}

type Grant = { readonly action: string; readonly resource: string; readonly condition: unknown };

/** What statements allow, one action on one resource at a time, and nothing that hides what it allows. */
function grantsOf(synthesized: Synthesized, list: readonly Statement[]): readonly Grant[] {
  return list.flatMap((statement) => {
    expect(statement.Effect).toBe('Allow');
    expect(statement).not.toHaveProperty('NotAction');
    expect(statement.NotResource).toBeUndefined();
    return statement.Action.flatMap((action) => {
      expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
      return (statement.Resource ?? []).map((resource) => ({
        action,
        resource: referent(resource, synthesized).replace(/^arn:aws:(\w+):[\w-]*:AWS::AccountId:/, '$1 '),
        condition: statement.Condition,
      }));
    });
  });
}

const ATHENA = { 'ForAnyValue:StringEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } };

/** All that an auditor may ever be allowed, by resource. What is not here fails the test, wherever it stands. */
const AUDITOR: readonly { readonly on: RegExp; readonly may: RegExp; readonly only?: object }[] = [
  { on: /^AuditLockedBucket\/\*$/, may: /^s3:GetObject(Version|Retention)?$/ },
  {
    on: /^AuditLockedBucket$/,
    may: /^s3:(ListBucket|ListBucketVersions|GetBucket(Location|Policy|Versioning|ObjectLockConfiguration))$/,
  },
  { on: /^QueryResultsBucket\/\*$/, may: /^s3:GetObject$/ },
  { on: /^QueryResultsBucket$/, may: /^s3:(ListBucket|GetBucketLocation)$/ },
  {
    on: /^QueryResultsBucket(\/\*)?$/,
    may: /^s3:(PutObject|AbortMultipartUpload|ListMultipartUploadParts|ListBucketMultipartUploads)$/,
    only: ATHENA,
  },
  { on: /^LogKey$/, may: /^kms:GetPublicKey$/ },
  { on: /^AuditKey$/, may: /^kms:(Decrypt|GenerateDataKey)$/, only: { StringEquals: expect.anything() } },
  {
    on: /^athena workgroup\/dialguard-\w+-\w+$/,
    may: /^athena:((Batch)?Get|List)\w+$|^athena:(Start|Stop)QueryExecution$/,
  },
  { on: /^athena datacatalog\/AwsDataCatalog$/, may: /^athena:(Get|List)\w+$/ },
  {
    on: /^glue (catalog|database\/(default|dialguard_\w+)|table\/dialguard_\w+\/\*)$/,
    may: /^glue:Get(Database|Table)s?$/,
  },
  { on: /^\*$/, may: /^athena:List(DataCatalogs|EngineVersions|WorkGroups)$/ },
  { on: /^cloudformation stack\/dialguard-\w+-\w+-\*\/\*$/, may: /^cloudformation:DescribeStacks$/ },
];

describe.each(all)('the auditor of $name', (synthesized) => {
  const list = statementsOf(synthesized, 'AuditorRole');
  const grants = grantsOf(synthesized, list);

  it('may nothing but what this list has', () => {
    expect(grants.length).toBeGreaterThan(30);
    const beyond = grants.filter(
      ({ action, resource, condition }) =>
        !AUDITOR.some(
          ({ on, may, only }) =>
            on.test(resource) && may.test(action) && (only === undefined || holds(condition, only)),
        ),
    );
    expect(beyond).toEqual([]);
  });

  it('changes nothing: each action reads, but for the queries and what Athena writes of them', () => {
    const writes = grants
      .map(({ action }) => action)
      .filter((action) => !/:(Get|List|BatchGet|Describe)[A-Z]|^kms:Decrypt$/.test(action));
    expect(new Set(writes)).toEqual(
      new Set([
        ...['athena:StartQueryExecution', 'athena:StopQueryExecution'],
        ...['s3:AbortMultipartUpload', 's3:PutObject', 'kms:GenerateDataKey'],
      ]),
    );
  });

  it('meets no table, secret, topic, queue or list', () => {
    const touched = grants.map(({ action, resource }) => `${action} ${resource}`).join('\n');
    expect(touched).not.toMatch(
      /dynamodb|secretsmanager|sns:|sqs:|lambda|logs:|StateKey|Inbox|Outbox|Registry|Pepper|Kek|ContactPoints|Cases/,
    );
  });

  it('opens the log through S3, for the log and the results alone; makes keys for results alone', () => {
    const Context = z.object({
      StringEquals: z.object({
        'kms:ViaService': z.literal(`s3.${synthesized.deployment.region}.amazonaws.com`),
      }),
      StringLike: z.object({ 'kms:EncryptionContext:aws:s3:arn': z.array(z.unknown()) }),
    });
    const buckets = (action: string) =>
      grants
        .filter((grant) => grant.action === action)
        .flatMap(({ condition }) => Context.parse(condition).StringLike['kms:EncryptionContext:aws:s3:arn'])
        .map((arn) => referent(arn, synthesized));
    const results = ['QueryResultsBucket', 'QueryResultsBucket/*'];
    expect(buckets('kms:Decrypt')).toEqual(['AuditLockedBucket', 'AuditLockedBucket/*', ...results]);
    expect(buckets('kms:GenerateDataKey')).toEqual(results);
  });

  it('is a user under the auditors’ path with MFA, and nobody else', () => {
    const [[, role] = []] = ofType(synthesized, 'AWS::IAM::Role').filter(([id]) =>
      id.startsWith('AuditorRole'),
    );
    const trust = statements(role?.Properties['AssumeRolePolicyDocument']);
    expect(trust).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Principal: { AWS: expect.anything() },
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          ArnLike: { 'aws:PrincipalArn': expect.anything() },
        },
      },
    ]);
    const { ArnLike } = trust[0]?.Condition ?? {};
    expect(referent(ArnLike?.['aws:PrincipalArn'], synthesized)).toBe(
      'arn:aws:iam::AWS::AccountId:user/auditors/*',
    );
  });

  it('is bounded by its own policy: attaching another permits no more', () => {
    const [[id, boundary] = []] = ofType(synthesized, 'AWS::IAM::ManagedPolicy');
    const [[, role] = []] = ofType(synthesized, 'AWS::IAM::Role').filter(([one]) =>
      one.startsWith('AuditorRole'),
    );
    expect(role?.Properties['PermissionsBoundary']).toEqual({ Ref: id });
    expect(statements(boundary?.Properties['PolicyDocument'])).toEqual(list);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 6,144 characters without white space.
    expect(JSON.stringify(boundary?.Properties['PolicyDocument']).length).toBeLessThan(6144);
  });
});

describe.each(all)('the log writer of $name', (synthesized) => {
  const grants = grantsOf(synthesized, statementsOf(synthesized, 'LogAppendAuditLogRole'));
  const onBucket = grants.filter(({ action }) => action.startsWith('s3:'));

  it('writes objects and reads them, and does nothing else to the bucket', () => {
    expect(onBucket.length).toBeGreaterThan(0);
    const others = onBucket.filter(({ action }) => !/^s3:(GetObject|PutObject|ListBucket)$/.test(action));
    expect(others).toEqual([]);
    for (const { resource } of onBucket) expect(resource).toMatch(/^AuditLockedBucket(\/|$)/);
  });

  it('cannot write everywhere: each pattern that it may write under is a folder of the log', () => {
    const written = onBucket
      .filter(({ action }) => action === 's3:PutObject')
      .map(({ resource }) => resource);
    for (const resource of written) {
      expect(resource).toMatch(
        /^AuditLockedBucket\/((entries|policies|tile|checkpoints)\/\*|checkpoint|vkey)$/,
      );
    }
  });

  it('deletes, locks, unlocks and bypasses nothing', () => {
    const actions = grants.map(({ action }) => action).join('\n');
    expect(actions).not.toMatch(
      /s3:.*(Delete|Retention|LegalHold|Bypass|Lifecycle|Versioning|Policy|Acl|ObjectLock)/,
    );
    expect(actions).not.toMatch(/kms:(Schedule|Disable|Put|Create|Update|Revoke|Retire)/);
  });

  it('can only be the Lambda', () => {
    const [[, role] = []] = ofType(synthesized, 'AWS::IAM::Role').filter(([id]) =>
      id.startsWith('LogAppendAuditLog'),
    );
    expect(statements(role?.Properties['AssumeRolePolicyDocument'])).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Principal: { Service: 'lambda.amazonaws.com' },
      },
    ]);
  });
});

function holds(condition: unknown, expected: object): boolean {
  try {
    expect(condition).toMatchObject(expected);
    return true;
  } catch {
    return false;
  }
}
