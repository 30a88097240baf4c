import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { type MetricName, productMetric } from '../constructs/product-metric.ts';
import { messages, type Observed, sum } from './alarms.ts';

/** Alarms on personal data breaches and their clocks. */
export function incidentAlarms({ ingestion, api }: Observed): Record<string, ImpactAlarm> {
  const watched = (name: MetricName) => productMetric('watch-incidents', name, { statistic: Stats.MAXIMUM });
  const { watch, undelivered } = ingestion.incidents;
  return {
    'incident-due': {
      impact: 'An authority, or people, must be told of a personal data breach within 24 hours.',
      metric: watched('IncidentClockDueCount'),
      above: 0,
    },
    'incident-late': {
      impact:
        'An authority, or people, were not told of a personal data breach in time, which breaks the law.',
      metric: watched('IncidentClockLateCount'),
      above: 0,
    },
    'incident-unassessed': {
      impact:
        'A personal data breach was reported an hour ago and nobody has judged it, while the clocks run.',
      metric: watched('IncidentUnassessedCount'),
      above: 0,
    },
    'incident-watch-errors': {
      impact: 'Nobody looks at the clocks of personal data breaches, so no alarm says that one runs out.',
      metric: watch.lambda.metricErrors(sum),
      above: 0,
      periods: 2,
    },
    'incident-watch-undelivered': {
      impact: 'The schedule does not reach the runs over clocks of personal data breaches.',
      metric: messages(undelivered),
      above: 0,
    },
    ...(api.incidents.webhook === undefined
      ? {}
      : webhookAlarms(api.incidents.webhook.lambda.metricErrors(sum))),
  };
}

function webhookAlarms(errors: ImpactAlarm['metric']): Record<string, ImpactAlarm> {
  const received = (name: MetricName) => productMetric('receive-incident-webhook', name);
  return {
    'incident-reported': {
      impact: 'A ticket has reported a personal data breach: its clocks run, and somebody must judge it.',
      metric: received('IncidentReportedCount'),
      above: 0,
    },
    'incident-webhook-refused': {
      impact: 'A ticket system, or somebody who passes for it, was refused: a breach may go unreported.',
      metric: received('IncidentWebhookRefusedCount'),
      above: 0,
    },
    'incident-webhook-errors': {
      impact: 'Tickets that report personal data breaches are not taken in.',
      metric: errors,
      above: 0,
    },
  };
}
