import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { alarmPeriod, type ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from '../constructs/product-metric.ts';
import { messages, type Observed, sum } from './alarms.ts';
import type { DiallerPush } from './suppression-push.ts';

const period = alarmPeriod;

/** Alarms on what diallers do not hear, or hear late. */
export function diallerAlarms({ ingestion: { suppressions } }: Observed): Record<string, ImpactAlarm> {
  const { distribute, undelivered, diallers } = suppressions;
  return {
    'suppression-errors': {
      impact:
        'What people ask for is not handed on to the diallers, so those that do not ask us first contact them.',
      metric: distribute.lambda.metricErrors(sum),
      above: 0,
      periods: 2,
    },
    'suppression-undelivered': {
      impact: 'What people ask for reaches diallers a minute late, since the stream of changes failed.',
      metric: messages(undelivered),
      above: 0,
    },
    ...(diallers.size === 0 ? {} : alarmsOfDiallers(diallers)),
  };
}

function alarmsOfDiallers(diallers: ReadonlyMap<string, DiallerPush>): Record<string, ImpactAlarm> {
  const queues = [...diallers.values()];
  const age = (queue: Queue) => queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  return {
    'dialler-waiting': {
      impact:
        'A dialler has not heard for over 60 seconds of people who asked not to be contacted, and may contact them.',
      metric: highest(queues.map(({ queue }) => age(queue))),
      above: 60,
    },
    'dialler-late': {
      impact:
        'A dialler heard more than 60 seconds late of people who asked not to be contacted, which breaks our promise.',
      metric: highest(
        [...diallers.keys()].map((dialler) =>
          productMetric('push-suppression', 'DiallerLagMs', { statistic: 'p99', dialler }),
        ),
      ),
      above: 60_000,
    },
    'dialler-parked': {
      impact:
        'A dialler will never hear of somebody who asked not to be contacted unless a person sees to it.',
      metric: highest(queues.map(({ deadLetters }) => messages(deadLetters))),
      above: 0,
    },
  };
}

/** One alarm for all diallers, which are at most ten: what it is about is on the dashboard, and in `dialguard diallers status`. */
function highest(metrics: readonly IMetric[]): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({
    expression: `MAX([${Object.keys(usingMetrics)
      .map((id) => `FILL(${id}, 0)`)
      .join(', ')}])`,
    usingMetrics,
    period,
  });
}
