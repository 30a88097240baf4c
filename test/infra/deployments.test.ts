import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { chosenDeployments, deployments } from '../../lib/stacks/deployments.ts';
import { sampleWarnings, settingsFor } from '../../lib/stacks/settings.ts';
import { context, deploymentOf, ofType, settingsOf, stackNames, synthesize } from './templates.ts';

const all = deployments.map((deployment) => synthesize(deployment));
const dev = deploymentOf('dev', 'US');

describe('the deployments', () => {
  it('are every stage in every residency, each fixed to its region', () => {
    expect(deployments.map(({ stage, residency, region }) => [stage, residency, region])).toEqual([
      ['dev', 'EU', 'eu-central-1'],
      ['dev', 'US', 'us-east-1'],
      ['staging', 'EU', 'eu-central-1'],
      ['staging', 'US', 'us-east-1'],
      ['prod', 'EU', 'eu-central-1'],
      ['prod', 'US', 'us-east-1'],
    ]);
  });

  it.each([
    [undefined, undefined, 6],
    ['prod', undefined, 2],
    [undefined, 'EU', 3],
    ['dev', 'US', 1],
  ])('stage %s and residency %s choose %d', (stage, residency, count) => {
    expect(chosenDeployments(stage, residency)).toHaveLength(count);
  });

  it('a name that matches nothing is an error', () => {
    expect(() => chosenDeployments('production', undefined)).toThrow(
      /expected a stage of dev, staging, prod/,
    );
  });
});

describe.each(all)('$name', (synthesized) => {
  const { deployment, stacks, json } = synthesized;

  it('has five stacks of its name, in its region, protected from termination', () => {
    for (const name of stackNames) {
      const stack = stacks[name];
      expect(stack.stackName).toBe(`dialguard-${synthesized.name.toLowerCase()}-${name}`);
      expect(stack.region).toBe(deployment.region);
      expect(stack.terminationProtection).toBe(true);
    }
  });

  it('imports nothing from another deployment', () => {
    const names = [...JSON.stringify(json).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names)
      expect(name).toMatch(new RegExp(`^dialguard-${synthesized.name.toLowerCase()}-`));
  });

  it('names no other region', () => {
    const other = deployment.residency === 'EU' ? /us-east-1|"us-/ : /eu-central-1|"eu-/;
    expect(JSON.stringify(json)).not.toMatch(other);
  });

  it('has no custom resource, nested stack or macro', () => {
    const types = synthesized.resources.map(([, { Type }]) => Type);
    expect(types.filter((type) => /^Custom::|CustomResource|::Stack$/.test(type))).toEqual([]);
    for (const name of stackNames)
      expect(synthesized.templates[name].toJSON()).not.toHaveProperty('Transform');
  });

  it('tells a Lambda its residency unless it meets nobody but by token', () => {
    const Named = z.object({ 'dialguard:lambda': z.string() });
    const byToken = ofType(synthesized, 'AWS::Lambda::Function').flatMap(([, { Properties, Metadata }]) => {
      const { Variables } = z
        .object({ Variables: z.record(z.string(), z.unknown()) })
        .parse(Properties['Environment']);
      return Variables['RESIDENCY'] === deployment.residency
        ? []
        : [Named.parse(Metadata)['dialguard:lambda']];
    });
    expect(byToken.sort()).toEqual([
      'append-audit-log',
      'distribute-suppressions',
      ...(deployment.stage === 'dev' ? ['push-suppression'] : []),
      'resolve-coverage-gap',
      'resolve-review',
      'sync-registry',
      'watch-incidents',
    ]);
  });

  it('has the outputs that the command and the local stack read', () => {
    const keys = stackNames.flatMap((name) =>
      Object.keys(json[name].Outputs).filter((key) => !key.startsWith('Exports')),
    );
    const always = [
      ...[
        'ApiUrl',
        'TokenUrl',
        'ClientId',
        'DiallerClientId',
        'EraseContactPointFunction',
        'EventBusName',
        'ContactPointsTable',
        'RegistryBlocksTable',
      ],
      ...['CasesTable', 'InboxBucket', 'OutboxBucket', 'AuditBucket', 'RegistryBucket', 'OptOutQueueUrl'],
      ...['OptOutDlqUrl', 'CheckConsentFunction', 'RecordPreferenceFunction', 'ManageHoldFunction'],
      ...[
        'IngestOptOutFunction',
        'ScrubContactListFunction',
        'SyncRegistryFunction',
        'AppendAuditLogFunction',
        'ReceiveMessageFunction',
        'ResolveReviewFunction',
        'LegalAlertsTopicArn',
        'HandleSubjectRequestFunction',
        'HandleIncidentFunction',
        'SendNoticesFunction',
        'WatchIncidentsFunction',
        'ReconcileCoverageFunction',
        'ResolveCoverageGapFunction',
        'RunSubjectRequestsFunction',
        'ProcessMulticloudFileFunction',
        'PrivacyBucket',
        'Diallers',
      ],
      ...['PepperSecretArn', 'KekSecretArn', 'AuditWorkGroup', 'AuditDatabase', 'AuditorRoleArn'],
    ];
    const sampled = ['DataActionRoleArn', 'GenesysClientSecretArn', 'WebhookSecretsArn'];
    const expected = deployment.stage === 'dev' ? [...always, ...sampled] : always;
    expect(keys.sort()).toEqual(expected.sort());
  });
});

describe('the settings', () => {
  const valid = { optOutWrapUpCodes: ['7d1f2a90-5c3e-4b8a-9e61-0a4c2f7b8d13'] };

  it('of cdk.json are valid for every deployment', () => {
    for (const deployment of deployments) {
      expect(() => settingsFor(context['dialguard'], deployment)).not.toThrow();
    }
  });

  it('overlay what is common with what is the deployment’s own', () => {
    const { defaultRegion, ownNumbers } = settingsFor(
      { common: { ...valid, defaultRegion: 'DE' }, 'dev-us': { defaultRegion: 'US' } },
      dev,
    );
    expect({ defaultRegion, ownNumbers }).toEqual({ defaultRegion: 'US', ownNumbers: [] });
  });

  it.each([
    ['no wrap-up code', { common: {} }, /dialguard\.dev-us\.optOutWrapUpCodes/],
    ['an empty list of codes', { common: { optOutWrapUpCodes: [] } }, /at least one wrap-up code id/],
    ['a misspelt setting', { 'dev-us': { ...valid, ownNumber: [] } }, /Unrecognized key.*ownNumber/],
    ['a misspelt deployment', { common: valid, 'test-us': {} }, /expected only the keys common, dev-eu/],
    [
      'a region of Genesys Cloud that does not exist',
      { 'dev-us': { ...valid, genesysRegion: 'mypurecloud.example' } },
      /genesysRegion: expected one of mypurecloud\.de/,
    ],
    [
      'a time zone that does not exist',
      { 'dev-us': { ...valid, operatorTimeZone: 'Europe/Entenhausen' } },
      /operatorTimeZone: expected an IANA time zone/,
    ],
    [
      'a national number',
      { 'dev-us': { ...valid, ownNumbers: ['317 555 0100'] } },
      /ownNumbers\.0: expected a number in E\.164/,
    ],
    ['a lower-case region', { 'dev-us': { ...valid, defaultRegion: 'us' } }, /ISO 3166-1/],
    [
      'an event source of another partner',
      { 'dev-us': { ...valid, genesysPartnerEventSource: 'aws.partner/example.com/x' } },
      /aws\.partner\/genesys\.com/,
    ],
    ['an account id of 11 digits', { 'dev-us': { ...valid, account: '12345678901' } }, /12 digits/],
    [
      'a plain-HTTP issuer',
      { 'dev-us': { ...valid, jwt: { issuer: 'http://a.example.com', audience: ['a'] } } },
      /jwt\.issuer/,
    ],
    ['nothing at all', undefined, /The context "dialguard" of cdk\.json cannot be used/],
  ])('refuse %s and say where', (_name, settings, message) => {
    expect(() => settingsFor(settings, dev)).toThrow(message);
  });

  it.each([
    ['EU', 'mypurecloud.de', true],
    ['EU', 'mypurecloud.ie', true],
    ['EU', 'edee1.eusc-pure.cloud', true],
    ['EU', 'mypurecloud.com', false],
    ['EU', 'usw2.pure.cloud', false],
    // The United Kingdom and Switzerland are adequate, yet not in the Union.
    ['EU', 'euw2.pure.cloud', false],
    ['EU', 'euc2.pure.cloud', false],
    ['US', 'mypurecloud.com', true],
    ['US', 'mypurecloud.ie', true],
  ])('of %s people let %s be asked about them: %s (I22)', (residency, genesysRegion, allowed) => {
    const deployment = deploymentOf('prod', residency);
    const read = () => settingsFor({ common: { ...valid, genesysRegion } }, deployment);
    if (allowed) expect(read().genesysRegion).toBe(genesysRegion);
    else expect(read).toThrow(/genesysRegion: expected a region in the European Union/);
  });

  it('of an account fix the stacks to it', () => {
    const { stacks } = synthesize(dev, { ...settingsOf(dev), account: '111122223333' });
    expect(stacks.storage.account).toBe('111122223333');
  });

  it('that are still samples are reported', () => {
    expect(sampleWarnings(settingsFor(context['dialguard'], dev))).toHaveLength(2);
    expect(sampleWarnings({ ...settingsOf(dev), genesysOrganizationId: undefined })).toEqual([]);
  });
});
