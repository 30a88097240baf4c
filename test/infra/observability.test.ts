import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { METRICS } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { deployments } from '../../lib/stacks/deployments.ts';
import { deploymentOf, ofType, synthesize } from './templates.ts';

const all = deployments.map((deployment) => synthesize(deployment));

const Alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.unknown()).min(1),
  TreatMissingData: z.enum(['breaching', 'notBreaching']),
  ComparisonOperator: z.literal('GreaterThanThreshold'),
  Threshold: z.number(),
  MetricName: z.string().optional(),
  Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional(),
});

const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const entries = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry]),
);

describe.each(all)('$name', (synthesized) => {
  const prefix = `dialguard-${synthesized.name.toLowerCase()}-`;
  const alarms = ofType(synthesized, 'AWS::CloudWatch::Alarm').map(([, one]) => Alarm.parse(one.Properties));

  it('every alarm says in a sentence whom it harms, tells somebody, and has a runbook entry', () => {
    for (const alarm of alarms) {
      const name = alarm.AlarmName.replace(prefix, '');
      const [impact, entry] = alarm.AlarmDescription.split(' Runbook: ');
      expect(impact, name).toMatch(/^[A-Z].{40,}\.$/);
      expect(entry).toBe(`docs/runbook.md#${name}`);
      expect(entries.has(name), `${name} in docs/runbook.md`).toBe(true);
    }
  });

  it('there is a dashboard', () => {
    synthesized.templates.observability.hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: prefix.slice(0, -1),
    });
  });
});

describe('the runbook', () => {
  it.each([...entries])('%s has meaning, impact, first look and remedy', (_name, entry) => {
    const headings = [...entry.matchAll(/^\*\*(.+)\.\*\* \S/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Meaning', 'Impact', 'First look', 'Remedy']);
  });
});

it('the runbook has no entry without an alarm of some deployment', () => {
  const names = all.flatMap((synthesized) =>
    ofType(synthesized, 'AWS::CloudWatch::Alarm').map(([, one]) =>
      Alarm.parse(one.Properties).AlarmName.replace(`dialguard-${synthesized.name.toLowerCase()}-`, ''),
    ),
  );
  expect([...entries.keys()].sort()).toEqual([...new Set(names)].sort());
});

describe('the thresholds', () => {
  const alarms = ofType(synthesize(deploymentOf('prod', 'EU')), 'AWS::CloudWatch::Alarm').map(
    ([, one]) => one.Properties,
  );
  const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `dialguard-prod-eu-${name}`);

  it.each([
    ['opt-out-parked', 'ApproximateNumberOfMessagesVisible', 0],
    ['opt-out-waiting', 'ApproximateAgeOfOldestMessage', 60],
    ['opt-out-late', 'OptOutLatencyMs', 60_000],
    ['review-overdue', 'ReviewOverdueCount', 0],
    ['scrub-parked', 'ApproximateNumberOfMessagesVisible', 0],
    ['check-errors', 'Errors', 0],
    ['check-slow', 'Duration', 800],
    ['check-unavailable', 'UnavailableCount', 0],
    ['check-throttled', 'Throttles', 0],
    ['audit-lag', 'AuditLagMs', 90_000],
    ['audit-lag-critical', 'AuditLagMs', 600_000],
    ['audit-errors', 'Errors', 0],
    ['hold-blocked-attempt', 'NumberOfMessagesPublished', 0],
    ['coverage-gap', 'CoverageGapCount', 0],
    ['coverage-late', 'CoverageLateMs', 7_200_000],
    ['coverage-old', 'CoverageAgeMs', 172_800_000],
  ])('%s is %s over %d', (name, MetricName, Threshold) => {
    expect(alarm(name)).toMatchObject({ MetricName, Threshold });
  });

  it('the metrics of our own name their Lambda in the dimension service', () => {
    expect(alarm('audit-lag')).toMatchObject({
      Namespace: 'Dialguard',
      Dimensions: [{ Name: 'service', Value: 'append-audit-log' }],
    });
  });

  it('the metrics of our own are written by the Lambdas under the same names', () => {
    // A deployment that is connected to everything.
    const json = JSON.stringify(synthesize(deploymentOf('dev', 'EU')).json.observability).replaceAll(
      '\\',
      '',
    );
    const names = [...json.matchAll(/"Dialguard","(\w+)"|"MetricName":"(\w+)","Namespace":"Dialguard"/g)].map(
      ([, onDashboard, inAlarm]) => onDashboard ?? inAlarm,
    );
    expect(names.length).toBeGreaterThan(0);
    expect(Object.keys(METRICS)).toEqual(expect.arrayContaining(names));
    expect(names).toEqual(expect.arrayContaining(Object.keys(METRICS)));
  });

  it('silence of the checks of contacts is an alarm, after six hours', () => {
    expect(alarm('coverage-late')).toMatchObject({
      ...{ TreatMissingData: 'breaching', EvaluationPeriods: 6, Period: 3600 },
    });
  });

  it('silence of the log writer is an alarm', () => {
    expect(alarm('audit-stopped')).toMatchObject({ TreatMissingData: 'breaching', EvaluationPeriods: 5 });
  });
});
