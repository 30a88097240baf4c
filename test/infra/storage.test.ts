import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { deployments } from '../../lib/stacks/deployments.ts';
import { type Statement, statements } from './policies.ts';
import { deploymentOf, lambdas, ofType, synthesize } from './templates.ts';

const all = deployments.map((deployment) => synthesize(deployment));
const dev = synthesize(deploymentOf('dev', 'US'));

function sparseIndex(IndexName: string, prefix: string, Projection: object) {
  const keys = [`${prefix}Shard`, `${prefix}Since`].map((AttributeName) => ({ AttributeName }));
  const KeySchema = keys.map((key, at) => ({ ...key, KeyType: at === 0 ? 'HASH' : 'RANGE' }));
  return { IndexName, KeySchema, Projection };
}

describe('the storage stack', () => {
  it('keeps the logical ids of what holds state: another id is another, empty, resource', () => {
    const stateful = /^AWS::(DynamoDB::Table|S3::Bucket|KMS::Key|SecretsManager::Secret|SNS::Topic)$/;
    const ids = Object.entries(dev.json.storage.Resources)
      .filter(([, { Type }]) => stateful.test(Type))
      .map(([id]) => id);
    expect(ids.sort()).toEqual([
      'AccessLogs8B620ECA',
      'AuditKey55555D67',
      'AuditLockedBucketB249D65E',
      'CasesTable7FA77C7D',
      'ContactPointsTableDAC17571',
      'GenesysClientSecret29C6FDDC',
      'InboxBucket1EDE8E4F',
      'IncidentWebhooksSecretFB9DAC4E',
      'KekSecretE6F349B2',
      'LegalAlerts6FC89A64',
      'LogKey15608DC4',
      'Operations993AC38D',
      'OutboxBucketADC45C26',
      'PepperSecret50EF09A7',
      'PrivacyBucket18919FA9',
      'QueryResultsBucket8914DAAE',
      'RegistryBlocksTable97E52864',
      'RegistryBucket9C3667AF',
      'StateKey87F2E493',
    ]);
  });

  it('has the keys, the sparse indexes and the stream that the adapters read', () => {
    dev.templates.storage.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'token', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      GlobalSecondaryIndexes: [
        sparseIndex('pending', 'pending', { ProjectionType: 'KEYS_ONLY' }),
        sparseIndex('unpushed', 'push', { ProjectionType: 'INCLUDE', NonKeyAttributes: ['pushVersion'] }),
      ],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      AttributeDefinitions: Match.arrayWith([
        { AttributeName: 'pendingShard', AttributeType: 'S' },
        { AttributeName: 'pendingSince', AttributeType: 'N' },
        { AttributeName: 'pushShard', AttributeType: 'S' },
        { AttributeName: 'pushSince', AttributeType: 'N' },
      ]),
    });
    dev.templates.storage.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'block', KeyType: 'HASH' }],
    });
    dev.templates.storage.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: Match.absent(),
    });
  });

  it('generates the secrets in the shape that the Lambdas parse', () => {
    for (const [property, version] of [
      ['pepper', 'p1'],
      ['kek', 'k1'],
    ]) {
      dev.templates.storage.hasResourceProperties('AWS::SecretsManager::Secret', {
        GenerateSecretString: {
          SecretStringTemplate: JSON.stringify({ version }),
          GenerateStringKey: property,
          PasswordLength: 64,
          ExcludePunctuation: true,
        },
      });
    }
  });
});

describe.each(all)('$name', (synthesized) => {
  const { deployment, templates } = synthesized;

  it('tables have point-in-time recovery, deletion protection, a KMS key of ours, and are retained', () => {
    templates.storage.resourceCountIs('AWS::DynamoDB::Table', 3);
    templates.storage.allResources('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
      },
    });
  });

  it('buckets are versioned but for the access logs, encrypted, private, logged and retained', () => {
    const buckets = ofType(synthesized, 'AWS::S3::Bucket');
    expect(buckets).toHaveLength(7);
    for (const [id, bucket] of buckets) {
      expect(bucket.DeletionPolicy).toBe('Retain');
      expect(bucket.Properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      const isLogs = id.startsWith('AccessLogs');
      expect('VersioningConfiguration' in bucket.Properties, id).toBe(!isLogs);
      expect('LoggingConfiguration' in bucket.Properties, id).toBe(!isLogs);
      expect(JSON.stringify(bucket.Properties['BucketEncryption'])).toContain(isLogs ? 'AES256' : 'aws:kms');
    }
  });

  it('in-bucket and out-bucket differ, and only inbox, registry and privacy announce their objects', () => {
    const announcing = ofType(synthesized, 'AWS::S3::Bucket').filter(
      ([, { Properties }]) => 'NotificationConfiguration' in Properties,
    );
    expect(announcing.map(([id]) => id.slice(0, -8))).toEqual([
      'InboxBucket',
      'RegistryBucket',
      'PrivacyBucket',
    ]);
    for (const [, { Properties }] of announcing) {
      const onlyEventBridge = { EventBridgeConfiguration: { EventBridgeEnabled: true } };
      expect(Properties['NotificationConfiguration']).toEqual(onlyEventBridge);
    }
    const { INBOX_BUCKET, OUTBOX_BUCKET } =
      lambdas(synthesized).get('scrub-contact-list')?.Environment.Variables ?? {};
    expect(INBOX_BUCKET).toBeDefined();
    expect(INBOX_BUCKET).not.toEqual(OUTBOX_BUCKET);
  });

  it('the audit bucket locks every object', () => {
    templates.storage.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: {
          DefaultRetention: { Mode: deployment.objectLock.mode, Days: deployment.objectLock.retentionDays },
        },
      },
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: {
        Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }],
      },
    });
  });

  it('keys are retained, rotate if they encrypt, and only administrators can disable them or schedule their deletion', () => {
    const keys = ofType(synthesized, 'AWS::KMS::Key');
    expect(keys).toHaveLength(3);
    for (const [id, key] of keys) {
      expect(key.DeletionPolicy).toBe('Retain');
      expect(key.Properties['EnableKeyRotation']).toBe(id.startsWith('LogKey') ? undefined : true);
      const [loss] = statements(key.Properties['KeyPolicy']).filter(({ Sid }) => Sid === 'DenyLossOfKey');
      expect(loss).toMatchObject({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['kms:DisableKey', 'kms:ScheduleKeyDeletion'],
      });
      expect(JSON.stringify(loss?.Condition?.['ArnNotLike'])).toContain(':role/admin/*');
    }
  });

  it('secrets are encrypted with our key, retained, and only administrators can replace or delete them', () => {
    templates.storage.allResources('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Retain',
      Properties: { KmsKeyId: Match.anyValue() },
    });
    const policies = ofType(synthesized, 'AWS::SecretsManager::ResourcePolicy');
    expect(policies).toHaveLength(ofType(synthesized, 'AWS::SecretsManager::Secret').length);
    for (const [, policy] of policies) {
      expect(statements(policy.Properties['ResourcePolicy'])).toMatchObject([
        {
          Effect: 'Deny',
          Action: expect.arrayContaining(['secretsmanager:DeleteSecret', 'secretsmanager:PutSecretValue']),
        },
      ]);
    }
  });

  it('topics are encrypted and refuse plain HTTP', () => {
    templates.storage.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    for (const [, policy] of ofType(synthesized, 'AWS::SNS::TopicPolicy')) {
      expect(insecureTransportDenied(statements(policy.Properties['PolicyDocument']))).toBe(true);
    }
  });
});

describe('the lock of each stage', () => {
  it.each(all.filter(({ deployment }) => deployment.stage !== 'dev'))(
    '$name is COMPLIANCE for seven calendar years',
    ({ deployment }) => {
      expect(deployment.objectLock).toEqual({ mode: 'COMPLIANCE', retentionDays: 2557 });
      expect(deployment.objectLock.retentionDays).toBeGreaterThanOrEqual(longestSevenYearsDays());
    },
  );

  it.each(all.filter(({ deployment }) => deployment.stage === 'dev'))(
    '$name is GOVERNANCE for one day',
    ({ deployment }) => {
      expect(deployment.objectLock).toEqual({ mode: 'GOVERNANCE', retentionDays: 1 });
    },
  );
});

describe('the policy of the audit bucket', () => {
  const prod = synthesize(deploymentOf('prod', 'EU'));
  const policyOf = (id: string): readonly Statement[] => {
    const [entry] = ofType(prod, 'AWS::S3::BucketPolicy').filter(([name]) => name.startsWith(id));
    return statements(entry?.[1].Properties['PolicyDocument']);
  };
  const audit = policyOf('AuditLockedBucketPolicy');
  const named = (sid: string): Statement | undefined => audit.find(({ Sid }) => Sid === sid);

  it('refuses everybody: no statement has an exception by principal but the configuration', () => {
    for (const statement of audit.filter(({ Sid }) => Sid?.startsWith('Deny'))) {
      expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
      expect('ArnNotLike' in (statement.Condition ?? {})).toBe(statement.Sid === 'DenyWeakerConfiguration');
    }
  });

  it('refuses to create an object without If-None-Match, but for the pointer "checkpoint"', () => {
    expect(named('DenyOverwrite')).toMatchObject({
      Action: ['s3:PutObject'],
      Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
    });
    expect(named('DenyOverwrite')?.Resource).toBeUndefined();
    expect(JSON.stringify(named('DenyOverwrite')?.NotResource)).toMatch(/"\/checkpoint"/);
    expect(named('DenyOverwrite')?.NotResource).toHaveLength(1);
  });

  it.each([
    ['DenyDeleteMarkers', ['s3:DeleteObject'], undefined],
    ['DenyBypass', ['s3:BypassGovernanceRetention'], undefined],
    [
      'DenyShorterRetention',
      ['s3:PutObject', 's3:PutObjectRetention'],
      { NumericLessThan: { 's3:object-lock-remaining-retention-days': '2557' } },
    ],
    [
      'DenyOtherLockMode',
      ['s3:PutObject', 's3:PutObjectRetention'],
      { Null: { 's3:object-lock-mode': 'false' }, StringNotEquals: { 's3:object-lock-mode': 'COMPLIANCE' } },
    ],
  ])('has %s on every object', (sid, actions, condition) => {
    expect(named(sid)?.Action).toEqual(actions);
    expect(named(sid)?.Condition).toEqual(condition);
    expect(JSON.stringify(named(sid)?.Resource)).toMatch(/"\/\*"/);
  });

  it('refuses changes of lifecycle, lock and versioning', () => {
    expect(named('DenyWeakerConfiguration')?.Action).toEqual([
      's3:PutLifecycleConfiguration',
      's3:PutBucketObjectLockConfiguration',
      's3:PutBucketVersioning',
    ]);
  });

  it('no bucket accepts plain HTTP', () => {
    for (const id of [
      'AuditLockedBucketPolicy',
      'InboxBucketPolicy',
      'OutboxBucketPolicy',
      'RegistryBucketPolicy',
      'PrivacyBucketPolicy',
    ]) {
      expect(insecureTransportDenied(policyOf(id)), id).toBe(true);
    }
  });
});

function insecureTransportDenied(policy: readonly Statement[]): boolean {
  return policy.some(
    ({ Effect, Condition }) => Effect === 'Deny' && Condition?.['Bool']?.['aws:SecureTransport'] === 'false',
  );
}

/** The most days that seven calendar years can have, over every day of a leap cycle as the start. */
function longestSevenYearsDays(): number {
  const dayMs = 86_400_000;
  const lengths = Array.from({ length: 4 * 366 }, (_, day) => {
    const start = new Date(Date.UTC(2026, 0, 1 + day));
    const end = Date.UTC(start.getUTCFullYear() + 7, start.getUTCMonth(), start.getUTCDate());
    return (end - start.getTime()) / dayMs;
  });
  return Math.max(...lengths);
}
