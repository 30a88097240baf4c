import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../constructs/bundle.ts';
import { AuditAppender } from './audit-appender.ts';
import { ContactListScrub } from './contact-list-scrub.ts';
import { Coverage } from './coverage.ts';
import type { Deployment } from './deployments.ts';
import { IncidentWatch } from './incident-watch.ts';
import { MulticloudFiles } from './multicloud-files.ts';
import { OptOutIntake } from './opt-out-intake.ts';
import { RegistrySync } from './registry-sync.ts';
import type { Settings } from './settings.ts';
import type { StorageStack } from './storage.ts';
import { SubjectRequests } from './subject-requests.ts';
import { SuppressionPush } from './suppression-push.ts';

export type IngestionProps = StackProps & {
  readonly deployment: Deployment;
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly bundle: Bundle;
};

/** What comes in by itself, and what moves on by itself: requests of data subjects, and entries into the log. */
export class IngestionStack extends Stack {
  readonly optOuts: OptOutIntake;
  readonly lists: ContactListScrub;
  readonly registries: RegistrySync;
  readonly log: AuditAppender;
  readonly coverage: Coverage;
  readonly subjectRequests: SubjectRequests;
  readonly multicloudFiles: MulticloudFiles;
  readonly incidents: IncidentWatch;
  readonly suppressions: SuppressionPush;

  constructor(scope: Construct, id: string, props: IngestionProps) {
    super(scope, id, props);
    this.optOuts = new OptOutIntake(this, 'OptOuts', props);
    this.lists = new ContactListScrub(this, 'Lists', props);
    this.registries = new RegistrySync(this, 'Registries', props);
    this.log = new AuditAppender(this, 'Log', props);
    this.coverage = new Coverage(this, 'Coverage', props);
    this.subjectRequests = new SubjectRequests(this, 'Privacy', props);
    this.multicloudFiles = new MulticloudFiles(this, 'Files', props);
    this.incidents = new IncidentWatch(this, 'Incidents', props);
    this.suppressions = new SuppressionPush(this, 'Suppressions', props);
    const outputs = {
      EventBusName: this.optOuts.bus.eventBusName,
      OptOutQueueUrl: this.optOuts.queue.queueUrl,
      OptOutDlqUrl: this.optOuts.deadLetters.queueUrl,
      IngestOptOutFunction: this.optOuts.ingest.lambda.functionName,
      ScrubContactListFunction: this.lists.scrub.lambda.functionName,
      SyncRegistryFunction: this.registries.sync.lambda.functionName,
      AppendAuditLogFunction: this.log.append.lambda.functionName,
      ReconcileCoverageFunction: this.coverage.reconcile.lambda.functionName,
      RunSubjectRequestsFunction: this.subjectRequests.run.lambda.functionName,
      Diallers: this.toJsonString(this.suppressions.places(props.storage.diallerSecrets)),
      ProcessMulticloudFileFunction: this.multicloudFiles.process.lambda.functionName,
      WatchIncidentsFunction: this.incidents.watch.lambda.functionName,
    };
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }
}
