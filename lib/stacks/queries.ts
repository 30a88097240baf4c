import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import type { Construct } from 'constructs';
import { SAVED_QUERIES } from '../domain/audit-queries/saved-queries.ts';
import type { ParameterName, SavedQuery } from '../domain/audit-queries/saved-query.ts';
import { Auditor } from './auditor.ts';
import { type Deployment, deploymentName } from './deployments.ts';
import { LogCatalog } from './log-catalog.ts';
import type { Settings } from './settings.ts';
import type { StorageStack } from './storage.ts';

export type QueriesProps = StackProps & {
  readonly deployment: Deployment;
  readonly settings: Settings;
  readonly storage: StorageStack;
};

/** A year of a million decisions a day; a query that would read more is ended. */
const MOST_BYTES_SCANNED = 100 * 1024 ** 3;

const PARAMETERS: Readonly<Record<ParameterName, string>> = {
  since: "first day of the log, such as '2026-11-01'",
  until: "last day of the log, such as '2026-11-30'",
  token: "token of the number or the address, such as 'p1.x', from the command audit token",
  moment: "moment in UTC, such as '2026-11-20 14:31:00'",
};

/** What officers and auditors ask the log with: its catalog, a work group with saved queries, and the auditor's role. */
export class QueriesStack extends Stack {
  constructor(scope: Construct, id: string, props: QueriesProps) {
    super(scope, id, props);
    const { deployment, settings, storage } = props;
    const name = deploymentName(deployment);
    const databaseName = name.replaceAll('-', '_');
    const { account } = this;
    const catalog = new LogCatalog(this, 'Catalog', { databaseName, account, bucket: storage.audit });
    const workGroup = this.#workGroup(name, storage);
    for (const query of SAVED_QUERIES) {
      const saved = new CfnNamedQuery(this, query.name, {
        name: query.name,
        description: descriptionOf(query),
        queryString: query.sql,
        database: databaseName,
        workGroup: name,
      });
      saved.addResourceDependency(workGroup);
      saved.addResourceDependency(catalog.database);
    }
    const auditor = new Auditor(this, 'Auditor', {
      storage,
      path: settings.auditorPath,
      workGroup: name,
      database: databaseName,
      deployment: name,
    });
    const outputs = {
      AuditWorkGroup: name,
      AuditDatabase: databaseName,
      AuditorRoleArn: auditor.role.roleArn,
    };
    for (const [key, value] of Object.entries(outputs)) new CfnOutput(this, key, { value });
  }

  #workGroup(name: string, { auditKey, queryResults }: StorageStack): CfnWorkGroup {
    return new CfnWorkGroup(this, 'WorkGroup', {
      name,
      description: 'Queries of the audit log',
      state: 'ENABLED',
      // What was asked and answered goes with it; the log does not.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // A client cannot send results elsewhere, or in clear.
        enforceWorkGroupConfiguration: true,
        bytesScannedCutoffPerQuery: MOST_BYTES_SCANNED,
        publishCloudWatchMetricsEnabled: true,
        requesterPaysEnabled: false,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${queryResults.bucketName}/`,
          expectedBucketOwner: this.account,
          encryptionConfiguration: { encryptionOption: 'SSE_KMS', kmsKey: auditKey.keyArn },
        },
      },
    });
  }
}

function descriptionOf({ title, says, parameters }: SavedQuery): string {
  const values = parameters.map((name, at) => `${at + 1}. ${PARAMETERS[name]}`);
  return `${title}. ${says} Parameters, in this order: ${values.join('; ')}.`;
}
