import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from '../constructs/product-metric.ts';
import { messages, type Observed } from './alarms.ts';

const HOUR_MS = 3_600_000;

/** Alarms on outbound contacts that no decision covers, and on the checks that would find them. */
export function coverageAlarms({ ingestion: { coverage } }: Observed): Record<string, ImpactAlarm> {
  // Runs come every ten minutes.
  const ofAnHour = { period: Duration.hours(1), statistic: Stats.MAXIMUM };
  const metric = (name: 'CoverageAgeMs' | 'CoverageGapCount' | 'CoverageLateMs') =>
    productMetric('reconcile-coverage', name, { statistic: Stats.MAXIMUM }).with(ofAnHour);
  return {
    'coverage-gap': {
      impact:
        'Somebody was contacted without a decision to allow it on record, perhaps against their will; it must be judged.',
      metric: metric('CoverageGapCount'),
      above: 0,
    },
    'coverage-late': {
      impact:
        'For six hours outbound contacts were not held against decisions, so a dialler that skips the check goes unseen.',
      metric: metric('CoverageLateMs'),
      // An hour is closed up to an hour and a run after it could be.
      above: 2 * HOUR_MS,
      periods: 6,
      silenceAlarms: true,
    },
    'coverage-old': {
      impact:
        'The platform has told nothing of its contacts for two days, so a dialler that skips the check goes unseen.',
      metric: metric('CoverageAgeMs'),
      above: 48 * HOUR_MS,
    },
    'coverage-errors': {
      impact: 'Runs that hold outbound contacts against decisions fail, so gaps are found late.',
      metric: coverage.reconcile.lambda.metricErrors({ period: Duration.hours(1), statistic: Stats.SUM }),
      above: 2,
    },
    'coverage-undelivered': {
      impact: 'The schedule does not reach the runs over outbound contacts, so gaps in the checks go unseen.',
      metric: messages(coverage.undelivered),
      above: 0,
    },
  };
}
