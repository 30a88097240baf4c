import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export type PrivateBucketProps = Pick<
  BucketProps,
  'lifecycleRules' | 'objectLockEnabled' | 'objectLockDefaultRetention'
> & {
  readonly key: Key;
  readonly accessLogs: Bucket;
  /** Announces new objects on the account's default event bus. */
  readonly announce?: boolean;
};

/** A versioned, KMS-encrypted bucket that refuses public access and plain HTTP, logs its accesses and is retained. */
export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { key, accessLogs, announce, ...rest } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      ...rest,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#logAccesses(accessLogs, `${id}/`);
    // Bucket.eventBridgeEnabled would bring a custom resource; the plain property does the same.
    if (announce) {
      this.#resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    }
  }

  // Bucket.serverAccessLogsBucket wants an IBucket, which a Bucket is not under exactOptionalPropertyTypes.
  #logAccesses(accessLogs: Bucket, prefix: string): void {
    this.#resource.loggingConfiguration = {
      destinationBucketName: accessLogs.bucketName,
      logFilePrefix: prefix,
    };
    accessLogs.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [accessLogs.arnForObjects(`${prefix}*`)],
        conditions: {
          ArnLike: { 'aws:SourceArn': this.bucket.bucketArn },
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
    );
  }

  get #resource(): CfnBucket {
    const resource = this.bucket.node.defaultChild;
    if (resource instanceof CfnBucket) return resource;
    throw new Error(`Expected ${this.node.path} to hold an AWS::S3::Bucket.`);
  }
}
