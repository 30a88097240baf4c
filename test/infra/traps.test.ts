import { describe, expect, it } from 'vitest';
import { deploymentOf, lambdas, ofType, synthesize } from './templates.ts';

const prod = synthesize(deploymentOf('prod', 'US'));
const alarms = ofType(prod, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const alarmOn = (MetricName: string) => alarms.filter((alarm) => alarm['MetricName'] === MetricName);

describe('TB26: one promise, held by an alarm', () => {
  it('the slowest hundredth of opt-outs takes effect within 60 seconds', () => {
    expect(alarmOn('OptOutLatencyMs')).toMatchObject([{ ExtendedStatistic: 'p99', Threshold: 60_000 }]);
  });
});

describe('EB13: an outage of the store is told, and has a stated bound', () => {
  it.each(['UnavailableCount', 'AuditUnavailableCount'])('%s rings at the first one', (metric) => {
    expect(alarmOn(metric)).toMatchObject([
      { Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', AlarmActions: [expect.anything()] },
    ]);
  });

  it('an answer is due within 800 ms', () => {
    const variables = lambdas(prod).get('check-consent')?.Environment.Variables;
    expect(variables).toMatchObject({ CHECK_BUDGET_MS: '800' });
  });
});

describe('EB12: the period of the lock is a value of each stage, not of the code', () => {
  it('seven calendar years where records are real, a day where they are not', () => {
    const days = (stage: string) => deploymentOf(stage, 'US').objectLock.retentionDays;
    expect(['dev', 'staging', 'prod'].map(days)).toEqual([1, 2557, 2557]);
    const from = Date.UTC(2027, 2, 1);
    expect(days('prod') * 86_400_000).toBeGreaterThanOrEqual(Date.UTC(2034, 2, 1) - from);
  });
});
