import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { rolesUnder } from './guarded-key.ts';

export type GuardedSecretProps = {
  readonly description: string;
  readonly key: IKey;
  /** The JSON property that CloudFormation fills with 64 random characters, and what stands beside it. */
  readonly property: string;
  readonly beside: Readonly<Record<string, string>>;
  readonly administratorPath: string;
  /** Why nothing rotates the value on a schedule. */
  readonly unrotated: string;
};

/** A generated secret that only roles under the administrator path can replace or delete. */
export class GuardedSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, props: GuardedSecretProps) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      description: props.description,
      encryptionKey: props.key,
      removalPolicy: RemovalPolicy.RETAIN,
      generateSecretString: {
        secretStringTemplate: JSON.stringify(props.beside),
        generateStringKey: props.property,
        passwordLength: 64,
        excludePunctuation: true,
      },
    });
    this.secret.addToResourcePolicy(
      new PolicyStatement({
        sid: 'DenyLossOfSecret',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [
          'secretsmanager:DeleteSecret',
          'secretsmanager:PutSecretValue',
          'secretsmanager:UpdateSecret',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        resources: ['*'],
        conditions: { ArnNotLike: { 'aws:PrincipalArn': rolesUnder(this, props.administratorPath) } },
      }),
    );
    Validations.of(this.secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: props.unrotated });
  }
}
