import { describe, expect, it } from 'vitest';
import { deploymentFrom } from '../../../bin/commands/genesys-organization.ts';

const STACKS = {
  region: 'eu-central-1',
  outputs: {
    DataActionRoleArn: 'arn:aws:iam::123456789012:role/data-action',
    CheckConsentFunction: 'dialguard-prod-eu-check-consent',
  },
};

describe('what a data action invokes', () => {
  it('is the check of the stage, in the account of its role', () => {
    expect(deploymentFrom(STACKS, {})).toEqual({
      functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:dialguard-prod-eu-check-consent',
      roleArn: 'arn:aws:iam::123456789012:role/data-action',
    });
  });

  it('is what the plan says before what the stacks say', () => {
    const functionArn = 'arn:aws:lambda:eu-central-1:123456789012:function:check:live';
    expect(deploymentFrom(STACKS, { functionArn })).toMatchObject({ functionArn });
  });

  it('cannot be said of stacks that were deployed without an organisation', () => {
    const { DataActionRoleArn: _role, ...outputs } = STACKS.outputs;
    expect(() => deploymentFrom({ ...STACKS, outputs }, {})).toThrow(/genesysOrganizationId/);
  });
});
