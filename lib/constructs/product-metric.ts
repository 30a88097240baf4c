import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { LambdaName } from './dialguard-function.ts';
import { alarmPeriod } from './impact-alarm.ts';

/** The metrics that the Lambdas write in the embedded metric format, namespace Dialguard. */
export type MetricName =
  | 'AuditBacklogCount'
  | 'AuditCheckpointAgeMs'
  | 'AuditEntriesCount'
  | 'AuditLagMs'
  | 'AuditUnavailableCount'
  | 'AuditUnreadableCount'
  | 'AuditUnknownPolicyCount'
  | 'CoverageAgeMs'
  | 'CoverageGapCount'
  | 'CoverageLateMs'
  | 'DecisionCount'
  | 'DiallerLagMs'
  | 'IncidentClockDueCount'
  | 'IncidentClockLateCount'
  | 'IncidentReportedCount'
  | 'IncidentUnassessedCount'
  | 'IncidentWebhookRefusedCount'
  | 'LegalAlertUndeliveredCount'
  | 'MulticloudDeviceErrorCount'
  | 'MulticloudFileRefusedCount'
  | 'NoticeAttentionCount'
  | 'NoticeFailedCount'
  | 'NoticePendingCount'
  | 'NoticeStuckCount'
  | 'NoticeUncertainCount'
  | 'OptOutFutureDatedCount'
  | 'OptOutIgnoredCount'
  | 'OptOutLatencyMs'
  | 'OptOutParkedCount'
  | 'RegistryFetchFailedCount'
  | 'RegistryImportedCount'
  | 'RegistryOverdueCount'
  | 'RegistryRefusedCount'
  | 'ReviewOverdueCount'
  | 'ScrubRejectedFileCount'
  | 'ScrubRowsCount'
  | 'SubjectRequestDueCount'
  | 'SubjectRequestFailedCount'
  | 'SubjectRequestLateCount'
  | 'UnavailableCount';

/** One of the product's own metrics, by the Lambda that writes it. */
export function productMetric(
  service: LambdaName,
  metricName: MetricName,
  options: {
    readonly statistic?: string;
    readonly effect?: 'ALLOW' | 'BLOCK';
    readonly dialler?: string;
  } = {},
): Metric {
  return new Metric({
    namespace: 'Dialguard',
    metricName,
    dimensionsMap: {
      service,
      ...(options.effect && { effect: options.effect }),
      ...(options.dialler && { dialler: options.dialler }),
    },
    statistic: options.statistic ?? 'Sum',
    period: alarmPeriod,
  });
}
