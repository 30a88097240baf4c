import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { undeliveredQueue } from '../constructs/durable-queue.ts';
import type { IngestionProps } from './ingestion.ts';

/** The schedule that looks at the clocks of incidents, each minute. */
export class IncidentWatch extends Construct {
  readonly watch: DialguardFunction<'watch-incidents'>;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { bundle, deployment, settings, storage }: IngestionProps) {
    super(scope, id);
    this.watch = new DialguardFunction(this, 'WatchIncidents', {
      name: 'watch-incidents',
      bundle,
      key: storage.stateKey,
      logRetentionDays: deployment.logRetentionDays,
      tracing: deployment.tracing,
      timeout: Duration.seconds(50),
      memoryMb: 512,
      environment: {
        CONTACT_POINTS_TABLE: storage.contactPoints.tableName,
        CASES_TABLE: storage.cases.tableName,
        INCIDENT_CLOCKS: JSON.stringify(settings.incidents.clocks),
      },
    });
    this.watch.allow(['dynamodb:UpdateItem'], [storage.contactPoints.tableArn]);
    this.watch.allow(['dynamodb:Query', 'dynamodb:UpdateItem'], [storage.cases.tableArn]);
    this.watch.useKey('write', ['dynamodb']);
    this.watch.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    this.undelivered = undeliveredQueue(this, 'Undelivered', storage.stateKey);
    new Rule(this, 'Schedule', {
      description: 'Looks at the clocks of incidents',
      schedule: Schedule.rate(Duration.minutes(1)),
    }).addTarget(
      new LambdaTarget(this.watch.lambda, { deadLetterQueue: this.undelivered, retryAttempts: 2 }),
    );
  }
}
