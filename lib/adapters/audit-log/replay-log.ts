import { ReplayReport, type ReplaySummary } from '../../domain/decision/replay-report.ts';
import { type WhatIf, WhatIfReport } from '../../domain/decision/what-if.ts';
import type { LogObjects } from '../../domain/log/log-ports.ts';
import type { PolicyArchive } from '../../domain/policy/archive.ts';
import type { Policy } from '../../domain/policy/policy.ts';
import { decisionsSince } from './entries.ts';

/** Called after each decision, with how many there were. */
export type OnDecision = (count: number) => void;

/** Decides every logged decision made at `since` (epoch milliseconds) or later again, each under its own policy. */
export async function replayLog(
  { objects, policies }: { objects: Pick<LogObjects, 'lines'>; policies: Pick<PolicyArchive, 'find'> },
  since: number,
  onDecision: OnDecision = () => undefined,
): Promise<ReplaySummary> {
  const report = new ReplayReport();
  for await (const decision of decisionsSince(objects, since)) {
    report.add(decision, await policies.find(decision.entry.policy.hash));
    onDecision(report.decisions);
  }
  return report.summary();
}

/** What a policy would have made of every logged decision made at `since` (epoch milliseconds) or later. */
export async function whatIfSince(
  objects: Pick<LogObjects, 'lines'>,
  { policy, since }: { readonly policy: Policy; readonly since: number },
  onDecision: OnDecision = () => undefined,
): Promise<WhatIf> {
  const report = new WhatIfReport(policy);
  for await (const { entry } of decisionsSince(objects, since)) {
    report.add(entry);
    onDecision(report.decisions);
  }
  return report.summary();
}
