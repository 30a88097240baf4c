import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployments } from '../../lib/stacks/deployments.ts';
import { statements } from './policies.ts';
import { deploymentOf, lambdas, ofType, settingsOf, synthesize } from './templates.ts';

const all = deployments.map((deployment) => synthesize(deployment));
const dev = synthesize(deploymentOf('dev', 'US'));

const Route = z.object({
  RouteKey: z.string(),
  AuthorizationType: z.enum(['JWT', 'NONE']),
  AuthorizationScopes: z.array(z.string()).optional(),
  Target: z.object({
    'Fn::Join': z.tuple([z.string(), z.tuple([z.string(), z.object({ Ref: z.string() })])]),
  }),
});
const Integration = z.object({
  PayloadFormatVersion: z.literal('2.0'),
  IntegrationUri: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
});

describe('the routes', () => {
  const integrations = new Map(
    ofType(dev, 'AWS::ApiGatewayV2::Integration').map(([id, one]) => [id, Integration.parse(one.Properties)]),
  );
  const names = new Map([...lambdas(dev)].map(([name, { id }]) => [id, name]));
  const routes = ofType(dev, 'AWS::ApiGatewayV2::Route').map(([, one]) => {
    const route = Route.parse(one.Properties);
    const integration = integrations.get(route.Target['Fn::Join'][1][1].Ref);
    const target = names.get(integration?.IntegrationUri['Fn::GetAtt'][0] ?? '');
    return [route.RouteKey, target, route.AuthorizationScopes ?? route.AuthorizationType];
  });

  it('each but of webhooks asks for a token with its scope and reaches its Lambda in payload format 2.0', () => {
    expect(routes).toEqual([
      ['POST /v1/checks', 'check-consent', ['dialguard/check']],
      ['POST /v1/opt-outs', 'record-preference', ['dialguard/preferences']],
      ['POST /v1/consents', 'record-preference', ['dialguard/preferences']],
      ['POST /v1/conversations', 'record-preference', ['dialguard/preferences']],
      ['POST /v1/relationships', 'record-preference', ['dialguard/preferences']],
      ['POST /v1/reassignments', 'record-preference', ['dialguard/preferences']],
      ['POST /v1/messages/inbound', 'receive-message', ['dialguard/preferences']],
      ['POST /v1/reviews/{id}', 'resolve-review', ['dialguard/reviews']],
      ['POST /v1/holds', 'manage-hold', ['dialguard/holds']],
      ['POST /v1/hold-releases', 'manage-hold', ['dialguard/holds']],
      ['POST /v1/coverage-gaps/{id}', 'resolve-coverage-gap', ['dialguard/coverage']],
      ['POST /v1/erasures', 'erase-contact-point', ['dialguard/privacy']],
      ['POST /v1/subject-requests', 'handle-subject-request', ['dialguard/privacy']],
      ['POST /v1/subject-requests/{id}/{action}', 'handle-subject-request', ['dialguard/privacy']],
      ['GET /v1/subject-requests', 'handle-subject-request', ['dialguard/privacy']],
      ['GET /v1/subject-requests/{id}', 'handle-subject-request', ['dialguard/privacy']],
      ['POST /v1/incidents', 'handle-incident', ['dialguard/incidents']],
      ['POST /v1/incidents/{id}/events', 'handle-incident', ['dialguard/incidents']],
      ['POST /v1/notice-templates', 'handle-incident', ['dialguard/incidents']],
      ['POST /v1/notice-template-approvals', 'handle-incident', ['dialguard/incidents']],
      ['GET /v1/incidents', 'handle-incident', ['dialguard/incidents']],
      ['GET /v1/incidents/{id}', 'handle-incident', ['dialguard/incidents']],
      ['GET /v1/notice-templates', 'handle-incident', ['dialguard/incidents']],
      [
        'GET /v1/notice-templates/{name}/{language}/{channel}/{version}',
        'handle-incident',
        ['dialguard/incidents'],
      ],
      ['POST /v1/webhooks/jira', 'receive-incident-webhook', 'NONE'],
      ['POST /v1/webhooks/pagerduty', 'receive-incident-webhook', 'NONE'],
    ]);
  });

  it('without a token are there for no ticket system that the settings do not name', () => {
    const open = ofType(synthesize(deploymentOf('prod', 'US')), 'AWS::ApiGatewayV2::Route').filter(
      ([, one]) => Route.parse(one.Properties).AuthorizationType === 'NONE',
    );
    expect(open).toEqual([]);
  });
});

describe('the tokens', () => {
  it('of a dialler permit a check and nothing else', () => {
    dev.templates.api.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: [{ 'Fn::Join': ['', [Match.anyValue(), '/check']] }],
      GenerateSecret: true,
    });
  });

  it('come from a user pool without sign-up, to a client with a secret, by client credentials', () => {
    dev.templates.api.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    dev.templates.api.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      GenerateSecret: true,
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: Match.anyValue(),
      ExplicitAuthFlows: Match.absent(),
    });
    dev.templates.api.hasResourceProperties('AWS::Cognito::UserPoolResourceServer', {
      Identifier: 'dialguard',
      Scopes: ['check', 'preferences', 'reviews', 'holds', 'coverage', 'privacy', 'incidents', 'explain'].map(
        (ScopeName) => Match.objectLike({ ScopeName }),
      ),
    });
  });

  it('come from any issuer instead, by configuration, and then no user pool is made', () => {
    const deployment = deploymentOf('prod', 'US');
    const jwt = { issuer: 'https://login.example.com/tenant', audience: ['dialguard'] };
    const { templates, json } = synthesize(deployment, { ...settingsOf(deployment), jwt });
    templates.api.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      JwtConfiguration: { Issuer: jwt.issuer, Audience: jwt.audience },
    });
    templates.api.resourceCountIs('AWS::Cognito::UserPool', 0);
    expect(json.api.Outputs).not.toHaveProperty('TokenUrl');
  });
});

describe('the role of Genesys data actions', () => {
  it('trusts the account of Genesys for this organisation only, in any partition', () => {
    const [role] = ofType(dev, 'AWS::IAM::Role').filter(([id]) => id.startsWith('DataActionRole'));
    expect(statements(role?.[1].Properties['AssumeRolePolicyDocument'])).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Principal: {
          AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::765628985471:root']] },
        },
        Condition: { StringEquals: { 'sts:ExternalId': '00000000-0000-4000-8000-0000000000a0' } },
      },
    ]);
  });

  it('does not exist without an organisation id', () => {
    const { json, resources } = synthesize(deploymentOf('prod', 'US'));
    expect(json.api.Outputs).not.toHaveProperty('DataActionRoleArn');
    expect(resources.filter(([id]) => id.startsWith('DataActionRole'))).toEqual([]);
  });
});

describe.each(all)('$name', (synthesized) => {
  const { deployment, templates } = synthesized;

  it('the API is throttled and logs neither query string nor body nor address', () => {
    templates.api.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      DefaultRouteSettings: {
        ThrottlingRateLimit: deployment.apiRequestsPerSecond,
        ThrottlingBurstLimit: deployment.apiBurst,
      },
    });
    const [stage] = ofType(synthesized, 'AWS::ApiGatewayV2::Stage');
    const { Format } = z
      .object({ AccessLogSettings: z.object({ Format: z.string() }) })
      .parse(stage?.[1].Properties).AccessLogSettings;
    expect(Object.values(z.record(z.string(), z.string()).parse(JSON.parse(Format)))).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.routeKey',
      '$context.status',
      '$context.authorizer.claims.client_id',
      '$context.responseLatency',
      '$context.integrationLatency',
      '$context.error.responseType',
    ]);
  });

  it('every log group is encrypted with our key and expires', () => {
    const groups = ofType(synthesized, 'AWS::Logs::LogGroup');
    // One for each Lambda, one for the API's accesses.
    expect(groups).toHaveLength(lambdas(synthesized).size + 1);
    for (const [id, { Properties }] of groups) {
      expect(Properties['RetentionInDays'], id).toBe(deployment.logRetentionDays);
      expect(Properties, id).toHaveProperty('KmsKeyId');
    }
  });

  it('every Lambda runs Node.js 24 on arm64 and logs into its own group', () => {
    const functions = [...lambdas(synthesized).values()];
    expect([...lambdas(synthesized).keys()].sort()).toEqual([
      'append-audit-log',
      'check-consent',
      'distribute-suppressions',
      'erase-contact-point',
      'handle-incident',
      'handle-subject-request',
      'ingest-opt-out',
      'manage-hold',
      'process-multicloud-file',
      // Where a dialler is named.
      ...(deployment.stage === 'dev' ? ['push-suppression'] : []),
      ...(deployment.stage === 'dev' ? ['receive-incident-webhook'] : []),
      'receive-message',
      'reconcile-coverage',
      'record-preference',
      'resolve-coverage-gap',
      'resolve-review',
      'run-subject-requests',
      'scrub-contact-list',
      'send-notices',
      'sync-registry',
      'watch-incidents',
    ]);
    expect(new Set(functions.map(({ LoggingConfig }) => LoggingConfig.LogGroup.Ref)).size).toBe(
      functions.length,
    );
    for (const lambda of functions) {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
    }
  });

  it('the check has a budget of 800 ms and a Lambda time-out beyond it', () => {
    const check = lambdas(synthesized).get('check-consent');
    expect(check?.Environment.Variables['CHECK_BUDGET_MS']).toBe('800');
    expect(check?.Timeout).toBe(3);
  });
});
