import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export type GuardedKeyProps = {
  readonly description: string;
  /** IAM path, such as `admin/`, of the roles that may disable the key or schedule its deletion. */
  readonly administratorPath: string;
  /** IAM path, such as `log-writer/`, of the only roles that may sign with the key; without it, the key encrypts. */
  readonly signerPath?: string;
};

// Asymmetric keys cannot rotate: a log has one key for its life.
const SIGNING = { keySpec: KeySpec.ECC_NIST_EDWARDS25519, keyUsage: KeyUsage.SIGN_VERIFY } as const;

/**
 * A key that only roles under the administrator path can disable or schedule for deletion: one that encrypts, and
 * rotates, or an Ed25519 key that signs.
 */
export class GuardedKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, props: GuardedKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: props.description,
      ...(props.signerPath === undefined ? { enableKeyRotation: true } : SIGNING),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.#deny('DenyLossOfKey', ['kms:DisableKey', 'kms:ScheduleKeyDeletion'], props.administratorPath);
    if (props.signerPath !== undefined) this.#deny('DenySigning', ['kms:Sign'], props.signerPath);
  }

  /** Refuses the actions to everybody but the account's roles under an IAM path. */
  #deny(sid: string, actions: string[], path: string): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: ['*'],
        conditions: { ArnNotLike: { 'aws:PrincipalArn': rolesUnder(this, path) } },
      }),
    );
  }

  /** Lets an AWS service use the key, for resources of this account only. */
  allowService(service: string, actions: readonly string[]): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(service)],
        actions: [...actions],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }

  /** Lets CloudWatch Logs use the key for log groups whose name begins with the prefix. */
  allowLogs(prefix: string): void {
    const stack = Stack.of(this);
    const logGroups = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${prefix}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
          'kms:GenerateDataKey',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
      }),
    );
  }
}

/** The ARN pattern of the account's roles under an IAM path. */
export function rolesUnder(scope: Construct, path: string): string {
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: `${path}*`,
  });
}
