import { errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { AppendAuditLogDeps } from './append-audit-log.ts';

/** Called with what is about to be logged. */
export type KeepPolicies = (entries: readonly Entry[]) => Promise<void>;

/**
 * Sees to it that the document of every policy which entries name is kept before they are logged: this function's own
 * is written, another's (of an earlier deployment) must be there. One that is not is reported each time and stops
 * nothing, since the entries are evidence without it too.
 */
export function createKeepPolicies({
  policies,
  policy,
  telemetry,
}: Pick<AppendAuditLogDeps, 'policies' | 'policy' | 'telemetry'>): KeepPolicies {
  const kept = new Set<string>();
  const isKept = async (hash: string): Promise<boolean> => {
    try {
      return await policies.has(hash);
    } catch (error) {
      telemetry.log('POLICY_UNREADABLE', { errorCode: errorCode(error) });
      return false;
    }
  };
  return async (entries) => {
    const named = Map.groupBy(entries, (entry) => ('policy' in entry ? entry.policy.hash : undefined));
    for (const [hash, under] of named) {
      if (hash === undefined || kept.has(hash)) continue;
      if (hash === policy.hash) await policies.keep(policy);
      else if (!(await isKept(hash))) {
        telemetry.metric('AuditUnknownPolicyCount', under.length);
        telemetry.log('POLICY_UNKNOWN', { count: under.length });
        continue;
      }
      kept.add(hash);
    }
  };
}
