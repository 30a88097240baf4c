import { Aws } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

export type DataActionRoleProps = {
  readonly genesysAccount: string;
  /** The Genesys Cloud organisation id: the external id that keeps other customers of Genesys out. */
  readonly organizationId: string;
  readonly check: IFunction;
};

/** The role that Genesys Cloud assumes to run the data action: it may invoke the check and do nothing else. */
export function dataActionRole(scope: Construct, id: string, props: DataActionRoleProps): Role {
  const role = new Role(scope, id, {
    description: 'Assumed by Genesys Cloud data actions to invoke check-consent',
    assumedBy: new ArnPrincipal(`arn:${Aws.PARTITION}:iam::${props.genesysAccount}:root`),
    externalIds: [props.organizationId],
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.check.functionArn] }),
  );
  return role;
}
