import type { AppendAuditLogDeps } from './append-audit-log.ts';

/**
 * Says how many doubtful messages nobody has read in time (47 CFR 64.1200(a)(10): ten business days). Their writers are
 * blocked meanwhile: the clock is an alarm, never a grace.
 */
export async function reportOverdueReviews({
  reviews,
  telemetry,
  now,
}: Pick<AppendAuditLogDeps, 'reviews' | 'telemetry' | 'now'>): Promise<void> {
  const waiting = await reviews.waiting();
  telemetry.metric('ReviewOverdueCount', waiting.filter(({ dueAt }) => dueAt <= now()).length);
}
