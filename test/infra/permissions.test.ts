import { describe, expect, it } from 'vitest';
import { permissions, statements } from './policies.ts';
import { deploymentOf, ofType, synthesize } from './templates.ts';

const dev = synthesize(deploymentOf('dev', 'US'));
const prod = synthesize(deploymentOf('prod', 'EU'));
const granted = permissions(dev);

const readItems = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];
const readAndUpdateItems = [...readItems, 'dynamodb:UpdateItem'];
const readSecret = ['secretsmanager:GetSecretValue'];
const writeLogs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const publish = ['sns:Publish'];
const readCatalog = ['glue:GetDatabase', 'glue:GetDatabases', 'glue:GetTable', 'glue:GetTables'];
const consume = [
  'sqs:ChangeMessageVisibility',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
];
const useKey = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

const readAndChangeCases = [
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

const AWS = {
  athena: 'arn:aws:athena:us-east-1:AWS::AccountId:',
  glue: 'arn:aws:glue:us-east-1:AWS::AccountId:',
};

const expected = {
  CheckConsentRole: {
    CheckConsentLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    RegistryBlocksTable: readItems,
    CasesTable: ['dynamodb:GetItem'],
    PepperSecret: readSecret,
    LegalAlerts: publish,
    StateKey: useKey,
  },
  RecordPreferenceRole: {
    RecordPreferenceLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    PepperSecret: readSecret,
    KekSecret: readSecret,
    StateKey: useKey,
  },
  MessagesReceiveMessageRole: {
    MessagesReceiveMessageLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    CasesTable: ['dynamodb:PutItem'],
    PepperSecret: readSecret,
    KekSecret: readSecret,
    'arn:aws:events:us-east-1:AWS::AccountId:event-bus/default': ['events:PutEvents'],
    StateKey: useKey,
  },
  MessagesResolveReviewRole: {
    MessagesResolveReviewLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    CasesTable: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    StateKey: useKey,
  },
  PrivacyEraseContactPointRole: {
    PrivacyEraseContactPointLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    CasesTable: readAndChangeCases,
    PepperSecret: readSecret,
    StateKey: useKey,
  },
  ManageHoldRole: {
    ManageHoldLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    PepperSecret: readSecret,
    KekSecret: readSecret,
    StateKey: useKey,
  },
  OptOutsIngestOptOutRole: {
    OptOutsIngestOptOutLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    PepperSecret: readSecret,
    KekSecret: readSecret,
    OptOutsQueue: consume,
    OptOutsDeadLetters: ['sqs:SendMessage'],
    StateKey: useKey,
  },
  ListsScrubContactListRole: {
    ListsScrubContactListLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    CasesTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    PepperSecret: readSecret,
    'InboxBucket/*': ['s3:GetObject', 's3:GetObjectVersion'],
    'OutboxBucket/*': ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    'RegistryBucket/*': ['s3:GetObject'],
    InboxBucket: ['s3:ListBucket'],
    OutboxBucket: ['s3:ListBucket'],
    RegistryBucket: ['s3:ListBucket'],
    'AuditLockedBucket/evidence/*': ['s3:AbortMultipartUpload', 's3:PutObject'],
    ListsQueue: consume,
    StateKey: useKey,
    AuditKey: useKey,
  },
  RegistriesSyncRegistryRole: {
    RegistriesSyncRegistryLogs: writeLogs,
    ContactPointsTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    RegistryBlocksTable: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
    ],
    'RegistryBucket/registries/*': ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    'RegistryBucket/registry/*': ['s3:AbortMultipartUpload', 's3:GetObject', 's3:PutObject'],
    RegistryBucket: ['s3:ListBucket'],
    RegistriesFilesQueue: consume,
    StateKey: useKey,
  },
  PrivacyHandleSubjectRequestRole: {
    PrivacyHandleSubjectRequestLogs: writeLogs,
    ContactPointsTable: ['dynamodb:UpdateItem'],
    CasesTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
    PrivacyBucket: ['s3:ListBucket'],
    PepperSecret: readSecret,
    KekSecret: readSecret,
    StateKey: useKey,
  },
  PrivacyRunSubjectRequestsRole: {
    PrivacyRunSubjectRequestsLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    'ContactPointsTable/index/pending': ['dynamodb:Query'],
    CasesTable: readAndChangeCases,
    'AuditLockedBucket/entries/*': ['s3:GetObject'],
    'AuditLockedBucket/policies/*': ['s3:GetObject'],
    AuditLockedBucket: ['s3:ListBucket'],
    PrivacyBucket: ['s3:ListBucket'],
    'PrivacyBucket/subject-requests/*': ['s3:PutObject'],
    'PrivacyBucket/multicloud/GDPR_Submit/*': ['s3:PutObject'],
    'PrivacyBucket/multicloud/GDPR_Result/*': ['s3:GetObject'],
    PepperSecret: readSecret,
    KekSecret: readSecret,
    GenesysClientSecret: readSecret,
    StateKey: useKey,
    AuditKey: ['kms:Decrypt', 'kms:DescribeKey'],
  },
  FilesProcessMulticloudFileRole: {
    FilesProcessMulticloudFileLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    'ContactPointsTable/index/pending': ['dynamodb:Query'],
    CasesTable: readAndChangeCases,
    'AuditLockedBucket/entries/*': ['s3:GetObject'],
    'AuditLockedBucket/policies/*': ['s3:GetObject'],
    AuditLockedBucket: ['s3:ListBucket'],
    PrivacyBucket: ['s3:ListBucket'],
    'PrivacyBucket/GDPR_Submit/*': ['s3:GetObject', 's3:GetObjectVersion'],
    'PrivacyBucket/GDPR_Result/*': ['s3:GetObject', 's3:PutObject'],
    PepperSecret: readSecret,
    FilesQueue: consume,
    StateKey: useKey,
    AuditKey: ['kms:Decrypt', 'kms:DescribeKey'],
  },
  LogAppendAuditLogRole: {
    LogAppendAuditLogLogs: writeLogs,
    ContactPointsTable: readAndUpdateItems,
    'ContactPointsTable/index/pending': ['dynamodb:Query'],
    CasesTable: readAndChangeCases,
    'AuditLockedBucket/entries/*': ['s3:GetObject', 's3:PutObject'],
    'AuditLockedBucket/policies/*': ['s3:GetObject', 's3:PutObject'],
    'AuditLockedBucket/tile/*': ['s3:GetObject', 's3:PutObject'],
    'AuditLockedBucket/checkpoints/*': ['s3:GetObject', 's3:PutObject'],
    'AuditLockedBucket/checkpoint': ['s3:GetObject', 's3:PutObject'],
    'AuditLockedBucket/vkey': ['s3:GetObject', 's3:PutObject'],
    AuditLockedBucket: ['s3:ListBucket'],
    LogKey: ['kms:GetPublicKey', 'kms:Sign'],
    LegalAlerts: publish,
    LogLostRuns: ['sqs:SendMessage'],
    StateKey: useKey,
    AuditKey: useKey,
  },
  AuditorRole: {
    AuditLockedBucket: [
      's3:GetBucketLocation',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketPolicy',
      's3:GetBucketVersioning',
      's3:ListBucket',
      's3:ListBucketVersions',
    ],
    'AuditLockedBucket/*': ['s3:GetObject', 's3:GetObjectRetention', 's3:GetObjectVersion'],
    QueryResultsBucket: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
    'QueryResultsBucket/*': [
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:ListMultipartUploadParts',
      's3:PutObject',
    ],
    AuditKey: ['kms:Decrypt', 'kms:GenerateDataKey'],
    LogKey: ['kms:GetPublicKey'],
    [`${AWS.athena}workgroup/dialguard-dev-us`]: [
      ...['athena:BatchGetNamedQuery', 'athena:BatchGetQueryExecution', 'athena:GetNamedQuery'],
      ...['athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:GetQueryResultsStream'],
      ...['athena:GetQueryRuntimeStatistics', 'athena:GetWorkGroup', 'athena:ListNamedQueries'],
      ...['athena:ListQueryExecutions', 'athena:StartQueryExecution', 'athena:StopQueryExecution'],
    ],
    [`${AWS.athena}datacatalog/AwsDataCatalog`]: [
      ...['athena:GetDataCatalog', 'athena:GetDatabase', 'athena:GetTableMetadata'],
      ...['athena:ListDatabases', 'athena:ListTableMetadata'],
    ],
    [`${AWS.glue}catalog`]: readCatalog,
    [`${AWS.glue}database/default`]: readCatalog,
    [`${AWS.glue}database/dialguard_dev_us`]: readCatalog,
    [`${AWS.glue}table/dialguard_dev_us/*`]: readCatalog,
    '*': ['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'],
    'arn:aws:cloudformation:us-east-1:AWS::AccountId:stack/dialguard-dev-us-*/*': [
      'cloudformation:DescribeStacks',
    ],
  },
  DataActionRole: { CheckConsentFunction: ['lambda:InvokeFunction'] },
};

describe('what each role may do', () => {
  it.each(Object.entries(expected))('%s has these actions and no others', (role, actions) => {
    expect(granted[role]).toEqual(actions);
  });

  it('no role is left out of the list', () => {
    expect(Object.keys(granted).sort()).toEqual(Object.keys(expected).sort());
    expect(ofType(dev, 'AWS::IAM::Role')).toHaveLength(Object.keys(expected).length);
  });
});

const LOG_KEY_ACTIONS = new Set(['kms:GetPublicKey', 'kms:Sign']);

describe.each([dev, prod])('$name', (synthesized) => {
  const all = Object.values(permissions(synthesized));

  it('no role has a wildcard in an action', () => {
    for (const role of all) expect(Object.values(role).flat().join(' ')).not.toContain('*');
  });

  it('only what takes no resource is allowed on *: X-Ray, and the lists of Athena', () => {
    const onEverything = all.flatMap((role) => role['*'] ?? []);
    const tracing = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
    const lists = ['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'];
    expect(new Set(onEverything)).toEqual(
      new Set([...lists, ...(synthesized.deployment.tracing ? tracing : [])]),
    );
  });

  it('no role has a managed policy', () => {
    for (const [, role] of ofType(synthesized, 'AWS::IAM::Role')) {
      expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it('the audit writer cannot delete, shorten, hold or bypass', () => {
    const writer = permissions(synthesized)['LogAppendAuditLogRole'] ?? {};
    const s3 = Object.values(writer)
      .flat()
      .filter((action) => action.startsWith('s3:'));
    expect([...new Set(s3)].toSorted()).toEqual(['s3:GetObject', 's3:ListBucket', 's3:PutObject']);
  });

  it('a check reads of the cases how far the log has come, and nothing else', () => {
    const [check] = ofType(synthesized, 'AWS::IAM::Policy').filter(([id]) => id.startsWith('CheckConsent'));
    const reads = statements(check?.[1].Properties['PolicyDocument']).filter(({ Resource }) =>
      JSON.stringify(Resource).includes('CasesTable'),
    );
    expect(reads.map(({ Action, Condition }) => ({ Action, Condition }))).toEqual([
      {
        Action: ['dynamodb:GetItem'],
        Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['audit-log'] } },
      },
    ]);
  });

  it('nobody but the runs over requests may read the client of Genesys Cloud', () => {
    const readers = Object.entries(permissions(synthesized)).flatMap(([role, resources]) =>
      'GenesysClientSecret' in resources ? [role] : [],
    );
    const connected = synthesized.deployment.stage === 'dev';
    expect(readers).toEqual(connected ? ['PrivacyRunSubjectRequestsRole'] : []);
  });

  it('nobody but the log writer may sign', () => {
    const signers = Object.entries(permissions(synthesized)).filter(([, resources]) =>
      Object.values(resources).some((actions) => actions.includes('kms:Sign')),
    );
    expect(signers.map(([role]) => role)).toEqual(['LogAppendAuditLogRole']);
  });

  it('keys that encrypt are used through AWS services only', () => {
    for (const [, policy] of ofType(synthesized, 'AWS::IAM::Policy')) {
      const kms = statements(policy.Properties['PolicyDocument']).filter(({ Action }) =>
        Action.some((action) => action.startsWith('kms:') && !LOG_KEY_ACTIONS.has(action)),
      );
      for (const statement of kms)
        expect(statement.Condition?.['StringEquals']).toHaveProperty(['kms:ViaService']);
    }
  });
});
