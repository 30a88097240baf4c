import { Duration } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DialguardFunction } from '../constructs/dialguard-function.ts';
import { runEvery } from '../constructs/run-every.ts';
import { functionBase } from './function-base.ts';
import type { IngestionProps } from './ingestion.ts';

/** The schedule that looks at the clocks of incidents, each minute. */
export class IncidentWatch extends Construct {
  readonly watch: DialguardFunction<'watch-incidents'>;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { bundle, deployment, settings, storage }: IngestionProps) {
    super(scope, id);
    this.watch = new DialguardFunction(this, 'WatchIncidents', {
      name: 'watch-incidents',
      ...functionBase({ bundle, deployment, storage }),
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
    this.undelivered = runEvery(this, {
      runner: this.watch,
      every: Duration.minutes(1),
      description: 'Looks at the clocks of incidents',
      key: storage.stateKey,
    });
  }
}
