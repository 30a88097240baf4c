import { CfnResource, type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import * as z from 'zod';
import type { Environment as AppendAuditLog } from '../../lambdas/append-audit-log/config.ts';
import type { Environment as CheckConsent } from '../../lambdas/check-consent/config.ts';
import type { Environment as DistributeSuppressions } from '../../lambdas/distribute-suppressions/config.ts';
import type { Environment as EraseContactPoint } from '../../lambdas/erase-contact-point/config.ts';
import type { Environment as HandleIncident } from '../../lambdas/handle-incident/config.ts';
import type { Environment as HandleSubjectRequest } from '../../lambdas/handle-subject-request/config.ts';
import type { Environment as IngestOptOut } from '../../lambdas/ingest-opt-out/config.ts';
import type { Environment as ManageHold } from '../../lambdas/manage-hold/config.ts';
import type { Environment as ProcessMulticloudFile } from '../../lambdas/process-multicloud-file/config.ts';
import type { Environment as PushSuppression } from '../../lambdas/push-suppression/config.ts';
import type { Environment as ReceiveIncidentWebhook } from '../../lambdas/receive-incident-webhook/config.ts';
import type { Environment as ReceiveMessage } from '../../lambdas/receive-message/config.ts';
import type { Environment as ReconcileCoverage } from '../../lambdas/reconcile-coverage/config.ts';
import type { Environment as RecordPreference } from '../../lambdas/record-preference/config.ts';
import type { Environment as ResolveCoverageGap } from '../../lambdas/resolve-coverage-gap/config.ts';
import type { Environment as ResolveReview } from '../../lambdas/resolve-review/config.ts';
import type { Environment as RunSubjectRequests } from '../../lambdas/run-subject-requests/config.ts';
import type { Environment as ScrubContactList } from '../../lambdas/scrub-contact-list/config.ts';
import type { Environment as SendNotices } from '../../lambdas/send-notices/config.ts';
import type { Environment as SyncRegistry } from '../../lambdas/sync-registry/config.ts';
import type { Environment as WatchIncidents } from '../../lambdas/watch-incidents/config.ts';
import type { Bundle } from './bundle.ts';

/** Each folder under lambdas/ and the environment that its config.ts demands. */
export type Environments = {
  'append-audit-log': AppendAuditLog;
  'check-consent': CheckConsent;
  'distribute-suppressions': DistributeSuppressions;
  'erase-contact-point': EraseContactPoint;
  'handle-incident': HandleIncident;
  'handle-subject-request': HandleSubjectRequest;
  'ingest-opt-out': IngestOptOut;
  'manage-hold': ManageHold;
  'process-multicloud-file': ProcessMulticloudFile;
  'push-suppression': PushSuppression;
  'receive-incident-webhook': ReceiveIncidentWebhook;
  'receive-message': ReceiveMessage;
  'reconcile-coverage': ReconcileCoverage;
  'record-preference': RecordPreference;
  'resolve-coverage-gap': ResolveCoverageGap;
  'resolve-review': ResolveReview;
  'run-subject-requests': RunSubjectRequests;
  'scrub-contact-list': ScrubContactList;
  'send-notices': SendNotices;
  'sync-registry': SyncRegistry;
  'watch-incidents': WatchIncidents;
};

export type LambdaName = keyof Environments;

export type DialguardFunctionProps<Name extends LambdaName> = {
  /** The folder under lambdas/, also the metric dimension `service`. */
  readonly name: Name;
  readonly bundle: Bundle;
  readonly environment: Environments[Name];
  readonly timeout: Duration;
  readonly memoryMb: number;
  /** The key of the log group and, through `useKey`, of the data that the function touches. */
  readonly key: IKey;
  readonly logRetentionDays: RetentionDays;
  readonly tracing: boolean;
  readonly reservedConcurrency?: number;
  /** IAM path of the role, where a key's policy names it so. */
  readonly rolePath?: string;
};

/** A Lambda with its own role, which may do nothing that is not listed, and its own encrypted log group. */
export class DialguardFunction<Name extends LambdaName> extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: DialguardFunctionProps<Name>) {
    super(scope, id);
    this.#key = props.key;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(props.rolePath !== undefined && { path: `/${props.rolePath}` }),
    });
    this.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: `dialguard ${props.name}`,
      code: props.bundle(props.name),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      role: this.role,
      logGroup,
      timeout: props.timeout,
      memorySize: props.memoryMb,
      environment: props.environment,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
    });
    const resource = this.lambda.node.defaultChild;
    // Tells whoever boots the templates locally which folder the function is.
    if (CfnResource.isCfnResource(resource)) resource.addMetadata('dialguard:lambda', props.name);
    if (props.tracing) {
      Validations.of(this.role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'The actions xray:PutTraceSegments and xray:PutTelemetryRecords accept no resource, only *.',
      });
    }
  }

  /** Lets the function take these actions, each by its full name, on these resources. */
  allow(actions: readonly string[], resources: readonly string[], conditions: Conditions = {}): void {
    this.role.addToPolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources], conditions }),
    );
  }

  /** Lets the function take these actions on the objects of a bucket whose keys match the pattern. */
  allowObjects(actions: readonly string[], bucket: Bucket, pattern: string): void {
    this.allow(actions, [bucket.arnForObjects(pattern)]);
    // cdk-nag names an imported ARN by its export.
    const exported = Export.parse(Stack.of(this).resolve(Stack.of(bucket).exportValue(bucket.bucketArn)));
    Validations.of(this.role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${exported['Fn::ImportValue']}/${pattern}]`,
      reason: `Keys are made at run time, so the objects can only be named by pattern; the actions are ${actions.join(', ')}.`,
    });
  }

  /**
   * Lets the function use a KMS key, only through the named services: `read` decrypts, `write` encrypts too.
   * Writers decrypt as well, since DynamoDB, SQS and multipart uploads unwrap the data key that they were given.
   */
  useKey(access: 'read' | 'write', services: readonly KeyService[], key: IKey = this.#key): void {
    const { region } = Stack.of(this);
    this.role.addToPolicy(
      new PolicyStatement({
        actions: access === 'read' ? [...readKeyActions] : [...readKeyActions, ...writeKeyActions],
        resources: [key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) },
        },
      }),
    );
  }
}

const Export = z.object({ 'Fn::ImportValue': z.string() });

export type KeyService = 'dynamodb' | 's3' | 'secretsmanager' | 'sns' | 'sqs';

const readKeyActions = ['kms:Decrypt', 'kms:DescribeKey'] as const;
const writeKeyActions = [
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;
