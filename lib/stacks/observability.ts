import { Stack, type StackProps } from 'aws-cdk-lib';
import { Dashboard, GraphWidget, type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { addAlarm } from '../constructs/impact-alarm.ts';
import { productMetric } from '../constructs/product-metric.ts';
import {
  auditAlarms,
  checkAlarms,
  holdAlarms,
  type Observed,
  optOutAlarms,
  registryAlarms,
  reviewAlarms,
  scrubAlarms,
} from './alarms.ts';
import { coverageAlarms } from './coverage-alarms.ts';
import { type Deployment, deploymentName } from './deployments.ts';
import { diallerAlarms } from './dialler-alarms.ts';
import { incidentAlarms } from './incident-alarms.ts';
import { noticeAlarms, noticeMetric } from './notice-alarms.ts';
import { privacyAlarms } from './privacy-alarms.ts';

export type ObservabilityProps = StackProps & Observed & { readonly deployment: Deployment };

/** Alarms, each with the harm it stands for, and one dashboard that follows a contact from opt-out to log. */
export class ObservabilityStack extends Stack {
  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id, props);
    const prefix = deploymentName(props.deployment);
    const alarms = {
      ...optOutAlarms(props),
      ...reviewAlarms(),
      ...checkAlarms(props),
      ...auditAlarms(props),
      ...holdAlarms(props),
      ...scrubAlarms(props),
      ...registryAlarms(props),
      ...privacyAlarms(props),
      ...noticeAlarms(props),
      ...coverageAlarms(props),
      ...incidentAlarms(props),
      ...diallerAlarms(props),
    };
    for (const [name, alarm] of Object.entries(alarms)) {
      addAlarm(this, name, { ...alarm, prefix, topic: props.storage.operations });
    }
    this.#dashboard(props, prefix);
  }

  #dashboard({ ingestion, api }: Observed, dashboardName: string): void {
    const check = api.check.lambda;
    const { optOuts, lists } = ingestion;
    const dashboard = new Dashboard(this, 'Dashboard', { dashboardName });
    dashboard.addWidgets(
      graph('Decisions', [
        productMetric('check-consent', 'DecisionCount', { effect: 'ALLOW' }),
        productMetric('check-consent', 'DecisionCount', { effect: 'BLOCK' }),
        productMetric('check-consent', 'UnavailableCount'),
      ]),
      graph('Check duration', [
        check.metricDuration({ statistic: Stats.p(50) }),
        check.metricDuration({ statistic: Stats.p(99) }),
      ]),
      graph('Opt-out, event to effect', [
        productMetric('ingest-opt-out', 'OptOutLatencyMs', { statistic: 'p50' }),
        productMetric('ingest-opt-out', 'OptOutLatencyMs', { statistic: 'p99' }),
      ]),
    );
    dashboard.addWidgets(
      graph('Opt-outs waiting and parked', [
        optOuts.queue.metricApproximateNumberOfMessagesVisible(),
        optOuts.deadLetters.metricApproximateNumberOfMessagesVisible(),
        productMetric('ingest-opt-out', 'OptOutParkedCount'),
        productMetric('ingest-opt-out', 'OptOutIgnoredCount'),
        productMetric('ingest-opt-out', 'OptOutFutureDatedCount'),
      ]),
      graph('Rows scrubbed, lists waiting', [
        productMetric('scrub-contact-list', 'ScrubRowsCount'),
        lists.queue.metricApproximateNumberOfMessagesVisible(),
      ]),
      graph('Lists of registries in use, refused', [
        productMetric('sync-registry', 'RegistryImportedCount'),
        productMetric('sync-registry', 'RegistryRefusedCount'),
      ]),
      graph(
        'Diallers: how late they hear',
        [...ingestion.suppressions.diallers.keys()].map((dialler) =>
          productMetric('push-suppression', 'DiallerLagMs', { statistic: 'p99', dialler }),
        ),
      ),
      graph('Log: entries and lag', [
        productMetric('append-audit-log', 'AuditEntriesCount'),
        productMetric('append-audit-log', 'AuditLagMs', { statistic: 'Maximum' }),
      ]),
    );
    dashboard.addWidgets(
      graph('Notices of breaches to be sent, stuck', [
        noticeMetric('NoticePendingCount'),
        noticeMetric('NoticeStuckCount'),
      ]),
      graph('Notices of breaches for a person', [
        noticeMetric('NoticeUncertainCount'),
        noticeMetric('NoticeAttentionCount'),
        noticeMetric('NoticeFailedCount'),
      ]),
    );
  }
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8 });
}
