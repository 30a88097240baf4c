import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployments } from '../../lib/stacks/deployments.ts';
import { statements } from './policies.ts';
import { ofType, synthesize } from './templates.ts';

describe.each(deployments.map((deployment) => synthesize(deployment)))('$name', (synthesized) => {
  it('the key of the log is Ed25519, and everybody but the log writer is refused its signature', () => {
    const [key] = ofType(synthesized, 'AWS::KMS::Key').filter(([id]) => id.startsWith('LogKey'));
    expect(key?.[1].Properties).toMatchObject({
      KeySpec: 'ECC_NIST_EDWARDS25519',
      KeyUsage: 'SIGN_VERIFY',
    });
    const policies = statements(key?.[1].Properties['KeyPolicy']);
    const [signing] = policies.filter(({ Sid }) => Sid === 'DenySigning');
    expect(signing).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Action: ['kms:Sign'] });
    const [writer] = ofType(synthesized, 'AWS::IAM::Role').filter(([id]) =>
      id.startsWith('LogAppendAuditLogRole'),
    );
    const path = z.string().parse(writer?.[1].Properties['Path']);
    expect(path).toMatch(/^\/dialguard-(dev|staging|prod)-(eu|us)\/log-writer\/$/);
    expect(JSON.stringify(signing?.Condition)).toContain(`:role${path}*`);
    const alike = ofType(synthesized, 'AWS::IAM::Role').filter(
      ([, role]) => role.Properties['Path'] === path,
    );
    expect(alike).toHaveLength(1);
  });
});
