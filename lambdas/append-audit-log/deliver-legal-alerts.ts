import { errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { AppendAuditLogDeps } from './append-audit-log.ts';

/**
 * Sends the alerts that could not be sent with their decisions. One is removed only after it was sent, so it may be
 * sent twice, with the same decision id, but never not at all.
 */
export async function deliverLegalAlerts({
  outbox,
  alerts,
  telemetry,
}: Pick<AppendAuditLogDeps, 'outbox' | 'alerts' | 'telemetry'>): Promise<void> {
  let undelivered = 0;
  for (const alert of await outbox.waiting()) {
    try {
      await alerts.attemptBlocked(alert);
      await outbox.remove(alert.decisionId);
    } catch (error) {
      undelivered += 1;
      telemetry.log('LEGAL_ALERT_UNDELIVERED', { decisionId: alert.decisionId, errorCode: errorCode(error) });
    }
  }
  if (undelivered > 0) telemetry.metric('LegalAlertUndeliveredCount', undelivered);
}
