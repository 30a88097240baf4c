import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { type MetricName, productMetric } from '../constructs/product-metric.ts';
import { messages, type Observed, sum } from './alarms.ts';

/** What the runs over notices say, and the dashboard shows. */
export const noticeMetric = (name: MetricName) =>
  productMetric('send-notices', name, { statistic: Stats.MAXIMUM });

/** Alarms on notices of breaches that do not reach people. */
export function noticeAlarms({ api: { notices } }: Observed): Record<string, ImpactAlarm> {
  return {
    'notice-stuck': {
      impact: 'People whose data was breached have waited for an hour to be told, and nothing moves.',
      metric: noticeMetric('NoticeStuckCount'),
      above: 0,
    },
    'notice-uncertain': {
      impact:
        'Nobody knows whether some notices of a breach went out, and they are not sent again by themselves.',
      metric: noticeMetric('NoticeUncertainCount'),
      above: 0,
    },
    'notice-attention': {
      impact:
        'Some people whose data was breached cannot be told before somebody has decided how, or read the list.',
      metric: noticeMetric('NoticeAttentionCount'),
      above: 0,
    },
    'notice-failed': {
      impact: 'Notices of a breach cannot go out for now, while the people concerned wait.',
      metric: noticeMetric('NoticeFailedCount'),
      above: 0,
      // An answer that did not come is tried again a minute later.
      periods: 15,
    },
    'notice-errors': {
      impact: 'Runs over notices of breaches fail, so that nobody is told.',
      metric: notices.send.lambda.metricErrors(sum),
      above: 0,
      periods: 2,
    },
    'notice-undelivered': {
      impact: 'The schedule does not reach the runs over notices of breaches, so that nobody is told.',
      metric: messages(notices.undelivered),
      above: 0,
    },
  };
}
