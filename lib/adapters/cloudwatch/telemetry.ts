/** The metrics of Dialguard, each with its CloudWatch unit. */
export const METRICS = {
  DecisionCount: 'Count',
  UnavailableCount: 'Count',
  AuditUnavailableCount: 'Count',
  AuditBacklogCount: 'Count',
  DiallerLagMs: 'Milliseconds',
  IncidentClockDueCount: 'Count',
  IncidentClockLateCount: 'Count',
  IncidentReportedCount: 'Count',
  IncidentUnassessedCount: 'Count',
  IncidentWebhookRefusedCount: 'Count',
  MulticloudDeviceErrorCount: 'Count',
  MulticloudFileRefusedCount: 'Count',
  NoticeAttentionCount: 'Count',
  NoticeFailedCount: 'Count',
  NoticePendingCount: 'Count',
  NoticeStuckCount: 'Count',
  NoticeUncertainCount: 'Count',
  OptOutLatencyMs: 'Milliseconds',
  OptOutParkedCount: 'Count',
  OptOutIgnoredCount: 'Count',
  OptOutFutureDatedCount: 'Count',
  AuditLagMs: 'Milliseconds',
  AuditCheckpointAgeMs: 'Milliseconds',
  AuditEntriesCount: 'Count',
  AuditUnreadableCount: 'Count',
  AuditUnknownPolicyCount: 'Count',
  CoverageAgeMs: 'Milliseconds',
  CoverageGapCount: 'Count',
  CoverageLateMs: 'Milliseconds',
  LegalAlertUndeliveredCount: 'Count',
  RegistryFetchFailedCount: 'Count',
  RegistryImportedCount: 'Count',
  RegistryOverdueCount: 'Count',
  RegistryRefusedCount: 'Count',
  ReviewOverdueCount: 'Count',
  SubjectRequestFailedCount: 'Count',
  SubjectRequestDueCount: 'Count',
  SubjectRequestLateCount: 'Count',
  ScrubRejectedFileCount: 'Count',
  ScrubRowsCount: 'Count',
} as const;

export type Metric = keyof typeof METRICS;

/** What may be said of an event in a log: codes, counts and ids of our own. Nothing that a caller sent. */
export type LogFields = {
  readonly decisionId?: string;
  readonly errorCode?: string;
  readonly effect?: string;
  readonly reason?: string;
  readonly jobId?: string;
  readonly count?: number;
  readonly tookMs?: number;
};

export type Telemetry = {
  /** One JSON line: a stable code and allowed fields. */
  log(code: string, fields?: LogFields): void;
  /** One data point in CloudWatch's embedded metric format. */
  metric(name: Metric, value: number, dimensions?: Readonly<Record<string, string>>): void;
};

/**
 * Logs and metrics as JSON lines on standard output, which Lambda takes to CloudWatch.
 * Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createTelemetry(
  service: string,
  now: () => number,
  write: (line: string) => void = (line) => process.stdout.write(line),
): Telemetry {
  const emit = (record: object): void => write(`${JSON.stringify(record)}\n`);
  return {
    log: (code, fields = {}) => emit({ at: new Date(now()).toISOString(), service, code, ...fields }),
    metric: (name, value, dimensions = {}) =>
      emit({
        _aws: {
          Timestamp: now(),
          CloudWatchMetrics: [
            {
              Namespace: 'Dialguard',
              Dimensions: [['service', ...Object.keys(dimensions)]],
              Metrics: [{ Name: name, Unit: METRICS[name] }],
            },
          ],
        },
        service,
        ...dimensions,
        [name]: value,
      }),
  };
}

/** The code of an error that may be logged; its message may not, since a foreign one can hold what a caller sent. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
