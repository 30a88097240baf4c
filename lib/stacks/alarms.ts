import { Duration } from 'aws-cdk-lib';
import { type Metric as CloudWatchMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { alarmPeriod, type ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from '../constructs/product-metric.ts';
import type { ApiStack } from './api.ts';
import type { IngestionStack } from './ingestion.ts';
import type { StorageStack } from './storage.ts';

export type Observed = {
  readonly storage: StorageStack;
  readonly ingestion: IngestionStack;
  readonly api: ApiStack;
};

const period = alarmPeriod;
/** Alarms count by the minute. */
export const sum = { period, statistic: Stats.SUM };

/** Alarms on opt-outs that are late, parked or lost. */
export function optOutAlarms({ ingestion: { optOuts } }: Observed): Record<string, ImpactAlarm> {
  return {
    'opt-out-parked': {
      impact:
        'Somebody asked not to be contacted and we could not read all of it, so they may be contacted again.',
      metric: messages(optOuts.deadLetters),
      above: 0,
    },
    'opt-out-undelivered': {
      impact: 'Events of Genesys reach our bus but not our queue, so opt-outs in them do not take effect.',
      metric: messages(optOuts.undelivered),
      above: 0,
    },
    'opt-out-waiting': {
      impact:
        'Opt-outs wait more than 60 seconds, so people who asked not to be called may be called meanwhile.',
      metric: optOuts.queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
      above: 60,
    },
    'opt-out-late': {
      impact: 'An opt-out took more than 60 seconds from the agent to its effect, which breaks our promise.',
      metric: productMetric('ingest-opt-out', 'OptOutLatencyMs', { statistic: 'p99' }),
      above: 60_000,
    },
  };
}

/** Alarms on messages that somebody must read. */
export function reviewAlarms(): Record<string, ImpactAlarm> {
  return {
    'review-overdue': {
      impact:
        'A message that may be an opt-out was not read within ten business days; its writer is blocked, yet unheard.',
      metric: productMetric('append-audit-log', 'ReviewOverdueCount', { statistic: 'Maximum' }),
      above: 0,
    },
  };
}

/** Alarms on checks that fail, slow down or can only answer BLOCK. */
export function checkAlarms({ storage, api }: Observed): Record<string, ImpactAlarm> {
  const check = api.check.lambda;
  return {
    'check-errors': {
      impact: 'Checks end without an answer, so diallers place no calls and campaigns stand still.',
      metric: check.metricErrors(sum),
      above: 0,
    },
    'check-slow': {
      impact:
        'The slowest checks take over 800 ms, so diallers time out and skip contacts they might have made.',
      metric: check.metricDuration({ period, statistic: 'p99' }),
      above: 800,
      periods: 3,
    },
    'check-unavailable': {
      impact: 'Checks answer BLOCK because a store failed, so contacts that are allowed are not made.',
      metric: productMetric('check-consent', 'UnavailableCount'),
      above: 0,
    },
    'check-audit-unavailable': {
      impact: 'Decisions cannot be recorded, so every contact they concern is blocked.',
      metric: productMetric('check-consent', 'AuditUnavailableCount'),
      above: 0,
    },
    'check-audit-backlog': {
      impact:
        'A contact point has too many entries waiting for the log, so every contact with it is blocked.',
      metric: productMetric('check-consent', 'AuditBacklogCount'),
      above: 0,
    },
    'check-throttled': {
      impact: 'Lambda refuses checks for want of concurrency, so diallers place no calls.',
      metric: check.metricThrottles(sum),
      above: 0,
    },
    'api-errors': {
      impact:
        'The HTTP API fails, so opt-outs from forms and text messages are refused and must be sent again.',
      metric: api.stage.metricServerError(sum),
      above: 0,
    },
    'table-throttled': {
      impact: 'DynamoDB refuses reads or writes of contact points, so checks block and opt-outs wait.',
      metric: new MathExpression({
        expression: 'FILL(reads, 0) + FILL(writes, 0)',
        usingMetrics: {
          reads: storage.contactPoints.metric('ReadThrottleEvents', sum),
          writes: storage.contactPoints.metric('WriteThrottleEvents', sum),
        },
        period,
      }),
      above: 0,
    },
    'kms-quota': {
      impact:
        'We are near the request quota of KMS; beyond it nothing can be decrypted and every check blocks.',
      metric: new MathExpression({
        expression: '100 * calls / PERIOD(calls) / SERVICE_QUOTA(calls)',
        usingMetrics: { calls: kmsCalls() },
        period,
      }),
      above: 80,
      periods: 3,
    },
  };
}

/** Alarms on the log: entries must be under the lock within a minute. */
export function auditAlarms({ ingestion: { log } }: Observed): Record<string, ImpactAlarm> {
  const lag = productMetric('append-audit-log', 'AuditLagMs', { statistic: 'Maximum' });
  const append = log.append.lambda;
  return {
    'audit-lag': {
      impact:
        'Entries wait more than 90 seconds for the locked log, so our evidence is incomplete meanwhile.',
      metric: lag,
      // An entry that just missed a run waits a minute for the next one on the best of days.
      above: 90_000,
      periods: 3,
    },
    'audit-lag-critical': {
      impact:
        'Entries wait more than 10 minutes for the locked log and its signature; until they are there, nothing is allowed.',
      metric: lag,
      above: 600_000,
    },
    'audit-checkpoint-old': {
      impact: 'The log has signed nothing for over an hour, so nobody outside can see that it still lives.',
      metric: productMetric('append-audit-log', 'AuditCheckpointAgeMs', { statistic: 'Maximum' }),
      // An idle log signs once in each hour.
      above: 75 * 60_000,
    },
    'audit-unreadable': {
      impact:
        'Entries that the log writer cannot read stay outside the locked log, so our evidence has a gap.',
      metric: productMetric('append-audit-log', 'AuditUnreadableCount'),
      above: 0,
    },
    'audit-policy-unknown': {
      impact: 'Decisions are logged under a policy whose text is not kept, so nobody can decide them again.',
      metric: productMetric('append-audit-log', 'AuditUnknownPolicyCount'),
      above: 0,
    },
    'audit-stopped': {
      impact: 'Nothing moves entries into the locked log; contact points will fill up and be blocked.',
      metric: new MathExpression({
        expression: 'IF(FILL(runs, 0) > 0, 0, 1)',
        usingMetrics: { runs: append.metricInvocations(sum) },
        period,
      }),
      above: 0,
      periods: 5,
      silenceAlarms: true,
    },
    'audit-errors': {
      impact: 'Runs of the log writer fail, so entries reach the locked log late.',
      metric: append.metricErrors(sum),
      above: 0,
      periods: 2,
    },
    'audit-runs-lost': {
      impact: 'Runs of the log writer were dropped after failing, so entries reach the locked log late.',
      metric: messages(log.lostRuns),
      above: 0,
    },
  };
}

/** Alarms on litigation holds: somebody tried to contact a person whom a court case protects. */
export function holdAlarms({ storage: { legalAlerts } }: Observed): Record<string, ImpactAlarm> {
  return {
    'hold-blocked-attempt': {
      impact:
        'A campaign tried to contact somebody under litigation hold; it was blocked, and Legal must know why.',
      metric: legalAlerts.metricNumberOfMessagesPublished(sum),
      above: 0,
    },
    'legal-alert-undelivered': {
      impact: 'Legal was not told of a blocked attempt to contact somebody under litigation hold.',
      metric: new MathExpression({
        expression: 'FILL(fromChecks, 0) + FILL(fromLog, 0) + FILL(failed, 0)',
        usingMetrics: {
          fromChecks: productMetric('check-consent', 'LegalAlertUndeliveredCount'),
          fromLog: productMetric('append-audit-log', 'LegalAlertUndeliveredCount'),
          failed: legalAlerts.metricNumberOfNotificationsFailed(sum),
        },
        period,
      }),
      above: 0,
    },
  };
}

/** Alarms on contact lists that were not scrubbed. */
export function scrubAlarms({ ingestion: { lists } }: Observed): Record<string, ImpactAlarm> {
  return {
    'scrub-parked': {
      impact:
        'A contact list could not be scrubbed, so its campaign has no approved list and must not start.',
      metric: messages(lists.deadLetters),
      above: 0,
    },
    'scrub-rejected-file': {
      impact:
        'A contact list was rejected whole, so its campaign has no approved list until it is corrected.',
      metric: productMetric('scrub-contact-list', 'ScrubRejectedFileCount'),
      above: 0,
    },
  };
}

/** Alarms on registries that fall behind. */
export function registryAlarms({ ingestion: { registries } }: Observed): Record<string, ImpactAlarm> {
  return {
    'registry-refused': {
      impact:
        'A list of a do-not-call registry was refused, so the version in use grows old, and blocks in the end.',
      metric: productMetric('sync-registry', 'RegistryRefusedCount'),
      above: 0,
    },
    'registry-parked': {
      impact:
        'A list of a do-not-call registry could not be put into use, so new registrations do not count.',
      metric: messages(registries.deadLetters),
      above: 0,
    },
    'registry-undelivered': {
      impact:
        'Lists of do-not-call registries reach our bucket but not our queue, so they are not put into use.',
      metric: messages(registries.undelivered),
      above: 0,
    },
    'registry-fetch-failed': {
      impact: 'A list of a do-not-call registry could not be fetched, so the version in use grows old.',
      metric: productMetric('sync-registry', 'RegistryFetchFailedCount'),
      above: 0,
    },
    'registry-overdue': {
      impact:
        'A do-not-call registry is older than it should be; past its legal age every contact that depends on it is blocked.',
      // The round that counts them comes once a day.
      metric: productMetric('sync-registry', 'RegistryOverdueCount', { statistic: 'Maximum' }).with({
        period: Duration.days(1),
      }),
      above: 0,
    },
  };
}

/** How many messages lie in a queue. */
export function messages(queue: Queue): CloudWatchMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM });
}

// https://docs.aws.amazon.com/kms/latest/developerguide/monitoring-cloudwatch.html and the usage metrics of quotas
function kmsCalls(): Metric {
  return new Metric({
    namespace: 'AWS/Usage',
    metricName: 'CallCount',
    dimensionsMap: {
      Service: 'KMS',
      Type: 'API',
      Resource: 'CryptographicOperationsSymmetric',
      Class: 'None',
    },
    ...sum,
  });
}
