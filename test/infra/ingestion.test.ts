import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deployments } from '../../lib/stacks/deployments.ts';
import { statements } from './policies.ts';
import { deploymentOf, lambdas, ofType, settingsOf, synthesize } from './templates.ts';

const all = deployments.map((deployment) => synthesize(deployment));
const dev = synthesize(deploymentOf('dev', 'US'));

const Arn = z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) });
const Rule = z.object({
  Targets: z.array(
    z.object({ Arn, DeadLetterConfig: z.object({ Arn }), SqsParameters: z.unknown().optional() }),
  ),
});
const Feed = z.object({
  EventSourceArn: Arn,
  FunctionName: z.object({ Ref: z.string() }),
  FunctionResponseTypes: z.array(z.string()),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});
const Queue = z.object({
  FifoQueue: z.boolean().optional(),
  VisibilityTimeout: z.number().optional(),
  RedrivePolicy: z.object({ maxReceiveCount: z.number(), deadLetterTargetArn: Arn }).optional(),
});

describe('the opt-out rule', () => {
  it('matches the wrap-up events of Genesys and nothing else', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^OptOutsBus') },
      EventPattern: {
        source: [{ prefix: 'aws.partner/genesys.com' }],
        'detail-type': [
          'v2.detail.events.conversation.{id}.acw',
          'v2.detail.events.conversation.{id}.wrapup',
          'v2.outbound.voice.campaigns.contact.postContact',
          'v2.outbound.preview.campaigns.contact.postContact',
          'v2.outbound.messaging.campaigns.contact.postContact',
          'v2.outbound.email.campaigns.contact.postContact',
        ],
        account: Match.absent(),
      },
    });
  });

  it('reads from the partner bus where a partner event source is configured', () => {
    const deployment = deploymentOf('prod', 'EU');
    const genesysPartnerEventSource =
      'aws.partner/genesys.com/cloud/3f1c8f6e-52b1-4a55-8f0e-6a1b2c3d4e5f/dialguard';
    const { templates } = synthesize(deployment, { ...settingsOf(deployment), genesysPartnerEventSource });
    templates.ingestion.hasResourceProperties('AWS::Events::EventBus', {
      Name: genesysPartnerEventSource,
      EventSourceName: genesysPartnerEventSource,
    });
  });

  it('reads from a bus of its own where none is', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::EventBus', {
      Name: 'dialguard-dev-us',
      EventSourceName: Match.absent(),
    });
  });

  it('names one static message group: EventBridge can take nothing else', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ SqsParameters: { MessageGroupId: 'opt-outs' } })],
    });
  });

  it('has its events archived, encrypted, for as long as point-in-time recovery reaches back', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Archive', {
      RetentionDays: 35,
      KmsKeyIdentifier: Match.anyValue(),
      EventPattern: { source: [{ prefix: 'aws.partner/genesys.com' }] },
    });
  });
});

describe('the scrub rule', () => {
  it('matches contact lists put into the inbox, on the default bus', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ 'Fn::ImportValue': Match.stringLikeRegexp('InboxBucket') }] },
          object: { key: [{ prefix: 'contact-lists/' }] },
        },
      },
    });
  });
});

describe('the schedule of coverage', () => {
  it('looks every ten minutes, one run at a time, at the region that the settings name', () => {
    const run = lambdas(dev).get('reconcile-coverage');
    expect(run?.ReservedConcurrentExecutions).toBe(1);
    expect(run?.Environment.Variables).toMatchObject({
      ...{ GENESYS_API_URL: 'https://api.mypurecloud.com', WINDOW_SECONDS: '300' },
      ...{ OWN_NUMBERS: '+13175550199', DEFAULT_REGION: 'US' },
    });
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(10 minutes)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [run?.id, 'Arn'] } })],
    });
  });

  it('asks nobody where the settings name no region', () => {
    const prod = all.find(({ name }) => name === 'prod-EU');
    const run = prod === undefined ? undefined : lambdas(prod).get('reconcile-coverage');
    expect(run?.Environment.Variables).toMatchObject({ GENESYS_API_URL: '', GENESYS_CLIENT_SECRET_ARN: '' });
  });
});

describe('the registry rules', () => {
  it('match what is put into the drop folders of the registry bucket, and take one at a time', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ 'Fn::ImportValue': Match.stringLikeRegexp('RegistryBucket') }] },
          // Snapshots and reports lie under registries/, so that writing them starts nothing.
          object: { key: [{ prefix: 'registry/' }] },
        },
      },
      Targets: [Match.objectLike({ SqsParameters: { MessageGroupId: 'registries' } })],
    });
  });

  it('make a round once a day, as often as the FTC lets a file be downloaded', () => {
    dev.templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 day)',
      Targets: [Match.objectLike({ SqsParameters: { MessageGroupId: 'registries' } })],
    });
  });

  it('let secrets be read that the settings name, and no others', () => {
    const deployment = deploymentOf('prod', 'US');
    const settings = settingsOf(deployment);
    const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:ftc-AbCdEf';
    const source = { url: 'https://lists.example.com/full.zip', secretArn, everyDays: 7 };
    const national = { areaCodes: 'ALL' as const, overdueDays: 10, source };
    const { templates } = synthesize(deployment, { ...settings, registries: { 'us-national': national } });
    templates.ingestion.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'secretsmanager:GetSecretValue', Resource: secretArn }),
        ]),
      },
    });
    templates.ingestion.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { REGISTRIES: JSON.stringify({ 'us-national': national }) } },
    });
  });
});

describe.each(all)('$name', (synthesized) => {
  const { templates } = synthesized;
  const queues = new Map(
    ofType(synthesized, 'AWS::SQS::Queue').map(([id, one]) => [id, Queue.parse(one.Properties)]),
  );
  const functions = [...lambdas(synthesized).values()];
  const mappings = ofType(synthesized, 'AWS::Lambda::EventSourceMapping');
  // That of the table's stream is held by stream-feed.test.ts.
  const ofQueues = mappings.filter(([, { Properties }]) => 'ScalingConfig' in Properties);
  const feeds = ofQueues.map(([, one]) => {
    const feed = Feed.parse(one.Properties);
    const target = functions.find(({ id }) => id === feed.FunctionName.Ref);
    return { feed, target, queue: queues.get(feed.EventSourceArn['Fn::GetAtt'][0]) };
  });

  it('every rule target has a dead-letter queue, and a standard one, as EventBridge demands', () => {
    const rules = ofType(synthesized, 'AWS::Events::Rule');
    expect(rules).toHaveLength(11);
    for (const target of rules.flatMap(([, rule]) => Rule.parse(rule.Properties).Targets)) {
      const deadLetters = queues.get(target.DeadLetterConfig.Arn['Fn::GetAtt'][0]);
      expect(deadLetters).toBeDefined();
      expect(deadLetters?.FifoQueue).toBeUndefined();
    }
  });

  it('every event source is a queue with a dead-letter queue that is tried at least five times', () => {
    expect(mappings.length - feeds.length).toBe(1);
    expect(feeds).toHaveLength(synthesized.deployment.stage === 'dev' ? 5 : 4);
    for (const { queue } of feeds) {
      expect(queue?.RedrivePolicy?.maxReceiveCount).toBeGreaterThanOrEqual(5);
      expect(queues.has(queue?.RedrivePolicy?.deadLetterTargetArn['Fn::GetAtt'][0] ?? '')).toBe(true);
    }
  });

  it('every queue hides a message at least six times as long as its Lambda may take', () => {
    for (const { queue, target } of feeds) {
      expect(queue?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (target?.Timeout ?? Number.NaN));
    }
  });

  it('every event source has a maximum concurrency of at least 2, and reserves no less', () => {
    for (const { feed, target } of feeds) {
      expect(feed.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      expect(target?.ReservedConcurrentExecutions).toBeGreaterThanOrEqual(
        feed.ScalingConfig.MaximumConcurrency,
      );
    }
  });

  it('every event source reports the items that failed', () => {
    for (const { feed } of feeds) expect(feed.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  it('opt-outs, lists of registries and what diallers hear go through FIFO queues, deduplicated by content', () => {
    const fifo = ofType(synthesized, 'AWS::SQS::Queue').filter(
      ([, { Properties }]) => Properties['FifoQueue'],
    );
    expect(fifo.map(([id]) => id.slice(0, -8))).toEqual([
      'OptOutsDeadLetters',
      'OptOutsQueue',
      'RegistriesFilesDeadLetters',
      'RegistriesFilesQueue',
      ...(synthesized.deployment.stage === 'dev'
        ? ['SuppressionslegacypbxChangesDeadLetters', 'SuppressionslegacypbxChangesQueue']
        : []),
    ]);
    for (const [, { Properties }] of fifo) expect(Properties['ContentBasedDeduplication']).toBe(true);
  });

  it('every queue is encrypted with our key', () => {
    templates.ingestion.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: Match.anyValue() });
  });

  it('every queue refuses plain HTTP and takes events from one rule of this account only', () => {
    const policies = ofType(synthesized, 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(queues.size);
    for (const [, policy] of policies) {
      const [denied, ...allowed] = statements(policy.Properties['PolicyDocument']);
      expect(denied).toMatchObject({
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
      for (const statement of allowed) {
        expect(statement.Principal).toEqual({ Service: 'events.amazonaws.com' });
        expect(statement.Condition?.['ArnEquals']).toHaveProperty(['aws:SourceArn']);
      }
    }
  });

  it('the log is written each minute by one writer that cannot overlap itself and whose lost runs are kept', () => {
    const append = lambdas(synthesized).get('append-audit-log');
    templates.ingestion.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ Arn: { 'Fn::GetAtt': [append?.id, 'Arn'] } })],
    });
    expect(append?.ReservedConcurrentExecutions).toBe(1);
    expect(append?.Timeout).toBeLessThan(60);
    templates.ingestion.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: append?.id },
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });
});
