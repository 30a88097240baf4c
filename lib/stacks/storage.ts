import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { AuditBucket } from '../constructs/audit-bucket.ts';
import { DurableTable } from '../constructs/durable-table.ts';
import { GuardedKey } from '../constructs/guarded-key.ts';
import { GuardedSecret, type GuardedSecretProps } from '../constructs/guarded-secret.ts';
import { PrivateBucket } from '../constructs/private-bucket.ts';
import { contactPointsTable } from './contact-points-table.ts';
import { type Deployment, deploymentName, logWriterPath } from './deployments.ts';
import { diallerSecrets } from './dialler-secrets.ts';
import type { Settings } from './settings.ts';

export type StorageProps = StackProps & { readonly deployment: Deployment; readonly settings: Settings };

// What holds people in clear elsewhere than in its store is gone after 30 days.
const fileDays = 30;
// Until whoever reads them has fetched them: what they say is told anew whenever it is asked for.
const dropDays = 7;
// Three months and the days off at their end, 30 days in which the answer is fetched, and room for what is tried again.
const resultDays = 180;
// Reports of a year, to compare with the same month of the last one; the log has the counts for good.
const coverageDays = 400;
// Lists of affected people: until the last of them was told, and the authority has asked what it asks.
const incidentDays = 365;

/** What must outlive everything else: tables, buckets, keys, secrets and the topics that people subscribe to. */
export class StorageStack extends Stack {
  readonly stateKey: Key;
  readonly auditKey: Key;
  /** Signs the log's checkpoints. */
  readonly logKey: Key;
  readonly contactPoints: Table;
  readonly registryBlocks: Table;
  readonly cases: Table;
  readonly inbox: Bucket;
  readonly outbox: Bucket;
  readonly registry: Bucket;
  readonly audit: Bucket;
  readonly queryResults: Bucket;
  /** What is asked and answered about single people. */
  readonly privacy: Bucket;
  readonly pepper: Secret;
  readonly kek: Secret;
  /** The OAuth client by which Genesys Cloud is called, where one is. */
  readonly genesysClient: Secret | undefined;
  /** What ticket systems sign with, where one reports incidents. */
  readonly webhookSecrets: Secret | undefined;
  /** By the names of the diallers that have credentials of their own. */
  readonly diallerSecrets: ReadonlyMap<string, Secret>;
  readonly legalAlerts: Topic;
  readonly operations: Topic;

  constructor(scope: Construct, id: string, props: StorageProps) {
    super(scope, id, props);
    const { deployment, settings } = props;
    this.stateKey = this.#stateKey(props);
    this.auditKey = new GuardedKey(this, 'AuditKey', {
      description: 'Audit log: must live as long as the log',
      administratorPath: settings.keyAdministratorPath,
    }).key;
    this.logKey = new GuardedKey(this, 'LogKey', {
      description: 'Signs the audit log: one key for the life of the log',
      administratorPath: settings.keyAdministratorPath,
      signerPath: logWriterPath(deployment),
    }).key;

    this.contactPoints = contactPointsTable(this, this.stateKey);
    this.registryBlocks = new DurableTable(this, 'RegistryBlocks', {
      key: this.stateKey,
      partitionKey: { name: 'block', type: AttributeType.STRING },
    }).table;
    this.cases = new DurableTable(this, 'Cases', {
      key: this.stateKey,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
    }).table;

    const accessLogs = this.#accessLogs(deployment.logRetentionDays);
    this.inbox = this.#listBucket('Inbox', accessLogs, deployment.listRetentionDays);
    this.outbox = this.#listBucket('Outbox', accessLogs, deployment.listRetentionDays);
    this.registry = this.#registryBucket(accessLogs, deployment.listRetentionDays);
    this.audit = new AuditBucket(this, 'Audit', {
      key: this.auditKey,
      accessLogs,
      lockMode: deployment.objectLock.mode,
      retentionDays: deployment.objectLock.retentionDays,
      administratorPath: settings.keyAdministratorPath,
    }).bucket;

    this.queryResults = this.#queryResults(accessLogs);
    this.privacy = this.#privacyBucket(accessLogs);

    this.pepper = this.#secret('Pepper', settings, {
      property: 'pepper',
      beside: { version: 'p1' },
      unrotated:
        'Another pepper makes every stored token unfindable: a new version is introduced beside the old one.',
    });
    this.kek = this.#secret('Kek', settings, {
      property: 'kek',
      beside: { version: 'k1' },
      unrotated: 'The key-encryption key wraps every stored data key: a new version re-wraps them first.',
    });
    this.genesysClient = settings.genesysRegion === undefined ? undefined : this.#genesysClient(settings);
    this.diallerSecrets = diallerSecrets(this, this.stateKey, settings);
    this.webhookSecrets = settings.incidents.webhooks && this.#webhookSecrets(settings);
    this.legalAlerts = this.#topic('LegalAlerts', settings.legalEmail);
    this.operations = this.#topic('Operations', settings.alarmEmail);
    this.#outputs();
  }

  #stateKey({ deployment, settings }: StorageProps): Key {
    const guarded = new GuardedKey(this, 'StateKey', {
      description: 'Contact points, contact lists, secrets, queues, topics and logs',
      administratorPath: settings.keyAdministratorPath,
    });
    guarded.allowLogs(deploymentName(deployment));
    guarded.allowService('events.amazonaws.com', [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ]);
    guarded.allowService('cloudwatch.amazonaws.com', ['kms:Decrypt', 'kms:GenerateDataKey']);
    return guarded.key;
  }

  // Log delivery writes with S3-managed encryption only.
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
  #accessLogs(retentionDays: number): Bucket {
    return new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      lifecycleRules: [{ expiration: Duration.days(retentionDays) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  #listBucket(id: 'Inbox' | 'Outbox', accessLogs: Bucket, retentionDays: number): Bucket {
    return new PrivateBucket(this, id, {
      key: this.stateKey,
      accessLogs,
      announce: id === 'Inbox',
      // Lists are personal data in clear: they leave once the campaign has had them. Profiles stay.
      lifecycleRules: [
        {
          ...(id === 'Inbox' && { prefix: 'contact-lists/' }),
          expiration: Duration.days(retentionDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    }).bucket;
  }

  /** Answers to queries of the log: as secret as the log, needed for as long as somebody reads them. */
  #queryResults(accessLogs: Bucket): Bucket {
    const { bucket } = new PrivateBucket(this, 'QueryResults', {
      key: this.auditKey,
      accessLogs,
      lifecycleRules: [
        { expiration: Duration.days(7), noncurrentVersionExpiration: Duration.days(1) },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DenyWritesButByAthena',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('*')],
        conditions: { 'ForAllValues:StringNotEquals': { 'aws:CalledVia': 'athena.amazonaws.com' } },
      }),
    );
    return bucket;
  }

  #registryBucket(accessLogs: Bucket, retentionDays: number): Bucket {
    return new PrivateBucket(this, 'Registry', {
      key: this.stateKey,
      accessLogs,
      announce: true,
      // Lists as they came are numbers in clear, and needed once; snapshots, which are kept to replay, lie elsewhere.
      lifecycleRules: [
        {
          prefix: 'registry/',
          expiration: Duration.days(retentionDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    }).bucket;
  }

  /** Files for people's requests, some of them in clear, and results under keys of their own: never among lists. */
  #privacyBucket(accessLogs: Bucket): Bucket {
    const expiring = (prefix: string, retentionDays: number) => ({
      prefix,
      expiration: Duration.days(retentionDays),
      noncurrentVersionExpiration: Duration.days(1),
    });
    return new PrivateBucket(this, 'Privacy', {
      key: this.stateKey,
      accessLogs,
      announce: true,
      lifecycleRules: [
        ...['GDPR_Submit/', 'GDPR_Result/', 'multicloud/'].map((prefix) => expiring(prefix, fileDays)),
        expiring('diallers/', dropDays),
        expiring('subject-requests/', resultDays),
        expiring('coverage/', coverageDays),
        expiring('incidents/', incidentDays),
        { abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    }).bucket;
  }

  /** No client id, no call: an administrator puts the pair in. */
  #genesysClient(settings: Settings): Secret {
    return this.#secret('GenesysClient', settings, {
      property: 'clientSecret',
      beside: { clientId: '' },
      unrotated: 'Genesys Cloud issues the pair; an administrator who renews it there puts it here.',
    });
  }

  /** Jira takes the secret that is made here; PagerDuty makes its own, and an administrator puts it in. */
  #webhookSecrets(settings: Settings): Secret {
    return this.#secret('IncidentWebhooks', settings, {
      property: 'jira',
      beside: { pagerDuty: '' },
      unrotated: 'Both systems must learn a new secret: an administrator who renews it there puts it here.',
    });
  }

  #secret(
    id: 'Pepper' | 'Kek' | 'GenesysClient' | 'IncidentWebhooks',
    settings: Settings,
    props: Pick<GuardedSecretProps, 'property' | 'beside' | 'unrotated'>,
  ): Secret {
    return new GuardedSecret(this, id, {
      ...props,
      description: `dialguard ${props.property}`,
      key: this.stateKey,
      administratorPath: settings.keyAdministratorPath,
    }).secret;
  }

  #topic(id: string, email: string | undefined): Topic {
    const topic = new Topic(this, id, { masterKey: this.stateKey, enforceSSL: true });
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  #outputs(): void {
    const outputs = {
      ContactPointsTable: this.contactPoints.tableName,
      RegistryBlocksTable: this.registryBlocks.tableName,
      CasesTable: this.cases.tableName,
      InboxBucket: this.inbox.bucketName,
      OutboxBucket: this.outbox.bucketName,
      RegistryBucket: this.registry.bucketName,
      AuditBucket: this.audit.bucketName,
      PrivacyBucket: this.privacy.bucketName,
      PepperSecretArn: this.pepper.secretArn,
      KekSecretArn: this.kek.secretArn,
      LegalAlertsTopicArn: this.legalAlerts.topicArn,
      ...(this.genesysClient && { GenesysClientSecretArn: this.genesysClient.secretArn }),
      ...(this.webhookSecrets && { WebhookSecretsArn: this.webhookSecrets.secretArn }),
    };
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}
