import { describe, expect, it } from 'vitest';
import { expected } from './expected-permissions.ts';
import { permissions, statements } from './policies.ts';
import { deploymentOf, ofType, synthesize } from './templates.ts';

const dev = synthesize(deploymentOf('dev', 'US'));
const prod = synthesize(deploymentOf('prod', 'EU'));
const granted = permissions(dev);

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

  it('only what takes no resource is allowed on *: X-Ray, the lists of Athena and of streams', () => {
    const onEverything = all.flatMap((role) => role['*'] ?? []);
    const tracing = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];
    const lists = ['athena:ListDataCatalogs', 'athena:ListEngineVersions', 'athena:ListWorkGroups'];
    expect(new Set(onEverything)).toEqual(
      new Set([...lists, 'dynamodb:ListStreams', ...(synthesized.deployment.tracing ? tracing : [])]),
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

  it('nobody but the runs over requests, contacts and notices may read the client of Genesys Cloud', () => {
    const readers = Object.entries(permissions(synthesized)).flatMap(([role, resources]) =>
      'GenesysClientSecret' in resources ? [role] : [],
    );
    const connected = synthesized.deployment.stage === 'dev';
    const runs = ['CoverageReconcileCoverageRole', 'NoticesSendNoticesRole', 'PrivacyRunSubjectRequestsRole'];
    expect(readers.toSorted()).toEqual(connected ? runs : []);
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
