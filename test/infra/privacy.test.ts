import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { deploymentOf, lambdas, ofType, settingsOf, synthesize } from './templates.ts';

const dev = synthesize(deploymentOf('dev', 'US'));

describe('the bucket of data subjects', () => {
  it('lets go of files after 30 days, of results after 180, of lists of affected people after a year', () => {
    const [privacy] = ofType(dev, 'AWS::S3::Bucket').filter(([id]) => id.startsWith('Privacy'));
    const expiring = (Prefix: string, ExpirationInDays: number) => ({
      Prefix,
      ExpirationInDays,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      Status: 'Enabled',
    });
    expect(privacy?.[1].Properties['LifecycleConfiguration']).toEqual({
      Rules: [
        expiring('GDPR_Submit/', 30),
        expiring('GDPR_Result/', 30),
        expiring('multicloud/', 30),
        expiring('diallers/', 7),
        expiring('subject-requests/', 180),
        expiring('coverage/', 400),
        expiring('incidents/', 365),
        { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
      ],
    });
  });
});

describe('the rules of data subjects', () => {
  it('match files that forget or export, in the privacy bucket, and in no folder below', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ 'Fn::ImportValue': Match.stringLikeRegexp('PrivacyBucket') }] },
          // What is written for Genesys Multicloud CX lies under multicloud/, so that writing it starts nothing.
          object: { key: [{ prefix: 'GDPR_Submit/' }] },
        },
      },
    });
  });

  it('move requests on each minute, one run at a time, and drop the minute that finds one under way', () => {
    const run = lambdas(dev).get('run-subject-requests');
    expect(run?.ReservedConcurrentExecutions).toBe(1);
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [run?.id, 'Arn'] } })],
    });
    dev.templates.ingestion.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: run?.id },
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('ask the region of Genesys Cloud that the settings name, and no other', () => {
    const deployment = deploymentOf('prod', 'EU');
    const { json, ...connected } = synthesize(deployment, {
      ...settingsOf(deployment),
      genesysRegion: 'mypurecloud.ie',
      multicloudAccountId: '4711',
      operatorTimeZone: 'Europe/Dublin',
    });
    const run = lambdas({ json, ...connected }).get('run-subject-requests');
    expect(run?.Environment.Variables).toMatchObject({
      GENESYS_API_URL: 'https://api.mypurecloud.ie',
      GENESYS_LOGIN_URL: 'https://login.mypurecloud.ie',
      GENESYS_CLIENT_SECRET_ARN: { 'Fn::ImportValue': expect.stringContaining('GenesysClientSecret') },
      MULTICLOUD_ACCOUNT_ID: '4711',
      OPERATOR_TIME_ZONE: 'Europe/Dublin',
    });
    expect(json.storage.Outputs).toHaveProperty('GenesysClientSecretArn');
  });

  it('ask nobody where the settings name none', () => {
    const prod = synthesize(deploymentOf('prod', 'EU'));
    expect(lambdas(prod).get('run-subject-requests')?.Environment.Variables).toMatchObject({
      GENESYS_API_URL: '',
      GENESYS_LOGIN_URL: '',
      GENESYS_CLIENT_SECRET_ARN: '',
      MULTICLOUD_ACCOUNT_ID: '',
      OPERATOR_TIME_ZONE: 'Europe/Berlin',
    });
    expect(ofType(prod, 'AWS::SecretsManager::Secret')).toHaveLength(2);
  });
});
