import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ImpactAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from '../constructs/product-metric.ts';
import { messages, type Observed, sum } from './alarms.ts';

/** Alarms on what people asked about their own data. */
export function privacyAlarms({
  ingestion: { subjectRequests, multicloudFiles },
}: Observed): Record<string, ImpactAlarm> {
  const request = (
    name: 'SubjectRequestDueCount' | 'SubjectRequestFailedCount' | 'SubjectRequestLateCount',
  ) => productMetric('run-subject-requests', name, { statistic: Stats.MAXIMUM });
  const run = subjectRequests.run.lambda;
  return {
    'subject-request-due': {
      impact: 'A person asked about their own data and must be answered within seven days.',
      metric: request('SubjectRequestDueCount'),
      above: 0,
    },
    'subject-request-late': {
      impact: 'A person asked about their own data and was not answered in time, which breaks the law.',
      metric: request('SubjectRequestLateCount'),
      above: 0,
    },
    'subject-request-failed': {
      impact:
        'What a person asked about their own data cannot be done for now, while the clock of the law runs.',
      metric: request('SubjectRequestFailedCount'),
      above: 0,
      // One answer that did not come is tried again a minute later.
      periods: 15,
    },
    'subject-request-errors': {
      impact: 'Runs over the requests of data subjects fail, so none of them moves on.',
      metric: run.metricErrors(sum),
      above: 0,
      periods: 2,
    },
    'subject-request-undelivered': {
      impact:
        'The schedule does not reach the runs over requests of data subjects, so none of them moves on.',
      metric: messages(subjectRequests.undelivered),
      above: 0,
    },
    'multicloud-refused': {
      impact:
        'A file of people to be forgotten or told was refused whole, so nothing was done for any of them.',
      metric: productMetric('process-multicloud-file', 'MulticloudFileRefusedCount'),
      above: 0,
    },
    'multicloud-device-errors': {
      impact: 'Some devices in a file of people to be forgotten or told were not processed.',
      metric: productMetric('process-multicloud-file', 'MulticloudDeviceErrorCount'),
      above: 0,
    },
    'multicloud-parked': {
      impact: 'A file of people to be forgotten or told could not be processed, so nobody is answered.',
      metric: messages(multicloudFiles.deadLetters),
      above: 0,
    },
  };
}
