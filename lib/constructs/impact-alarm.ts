import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** A sentence, by its full stop: what people or the law suffer while the alarm lasts. */
export type Sentence = `${string}.`;

export type ImpactAlarm = {
  /** What whoever is woken reads first. Without one, nobody knows why to get up. */
  readonly impact: Sentence;
  readonly metric: IMetric;
  readonly above: number;
  /** Periods in a row over the threshold; 1 unless told. */
  readonly periods?: number;
  /** Silence is the fault itself, as where a schedule must run. Otherwise no data is good news. */
  readonly silenceAlarms?: boolean;
};

export type AlarmContext = { readonly prefix: string; readonly topic: ITopic };

/** Adds the alarm `<prefix>-<name>`, whose description is the impact and the heading of its runbook entry. */
export function addAlarm(
  scope: Construct,
  name: string,
  { prefix, topic, ...alarm }: ImpactAlarm & AlarmContext,
): Alarm {
  const added = new Alarm(scope, name, {
    alarmName: `${prefix}-${name}`,
    alarmDescription: `${alarm.impact} Runbook: docs/runbook.md#${name}`,
    metric: alarm.metric,
    threshold: alarm.above,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: alarm.periods ?? 1,
    treatMissingData: alarm.silenceAlarms ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  added.addAlarmAction(new SnsAction(topic));
  added.addOkAction(new SnsAction(topic));
  return added;
}

/** The period of every alarm's metric: a minute, the finest that AWS's own metrics have. */
export const alarmPeriod = Duration.minutes(1);
