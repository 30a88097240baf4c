import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { type Bucket, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { rolesUnder } from './guarded-key.ts';
import { PrivateBucket } from './private-bucket.ts';

export type AuditBucketProps = {
  readonly key: Key;
  readonly accessLogs: Bucket;
  readonly lockMode: 'COMPLIANCE' | 'GOVERNANCE';
  readonly retentionDays: number;
  readonly administratorPath: string;
};

/**
 * The log's bucket: every version is locked for the retention, and the policy refuses, to everybody, overwriting
 * (but for the pointer `checkpoint`), hiding behind delete markers, weaker or shorter locks and bypassing them.
 * Once a lock has lapsed its version may be deleted, by version id: keeping it longer would need a reason.
 */
export class AuditBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: AuditBucketProps) {
    super(scope, id);
    const retention = Duration.days(props.retentionDays);
    this.bucket = new PrivateBucket(this, 'Locked', {
      key: props.key,
      accessLogs: props.accessLogs,
      // Parts of an upload that never completed are no object, under no lock.
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      objectLockEnabled: true,
      objectLockDefaultRetention:
        props.lockMode === 'COMPLIANCE'
          ? ObjectLockRetention.compliance(retention)
          : ObjectLockRetention.governance(retention),
    }).bucket;
    this.#denyOnObjects(props);
    this.#denyOnConfiguration(rolesUnder(this, props.administratorPath));
  }

  #denyOnObjects(props: AuditBucketProps): void {
    const objects = this.bucket.arnForObjects('*');
    // Parts of a multipart upload carry no If-None-Match; its completion does, and is an object creation.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DenyOverwrite',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        notResources: [this.bucket.arnForObjects('checkpoint')],
        conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
      }),
    );
    // Without a version id, s3:DeleteObject writes a delete marker; a locked version itself cannot be deleted.
    this.#deny('DenyDeleteMarkers', ['s3:DeleteObject'], [objects]);
    this.#deny('DenyBypass', ['s3:BypassGovernanceRetention'], [objects]);
    const locking = ['s3:PutObject', 's3:PutObjectRetention'];
    this.#deny('DenyShorterRetention', locking, [objects], {
      NumericLessThan: { 's3:object-lock-remaining-retention-days': String(props.retentionDays) },
    });
    // Only a request that names a mode is judged; without one the bucket's default applies.
    this.#deny('DenyOtherLockMode', locking, [objects], {
      Null: { 's3:object-lock-mode': 'false' },
      StringNotEquals: { 's3:object-lock-mode': props.lockMode },
    });
  }

  #denyOnConfiguration(administratorArn: string): void {
    this.#deny(
      'DenyWeakerConfiguration',
      ['s3:PutLifecycleConfiguration', 's3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning'],
      [this.bucket.bucketArn],
      { ArnNotLike: { 'aws:PrincipalArn': administratorArn } },
    );
  }

  #deny(sid: string, actions: string[], resources: string[], conditions: Conditions = {}): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources,
        conditions,
      }),
    );
  }
}
