import { describe, expect, test } from 'vitest';
import { createKeepPolicies } from '../../../lambdas/append-audit-log/keep-policies.ts';
import { sha256Hex } from '../../../lib/domain/canonical-json.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';
import { decisionEntry, factEntry } from '../../support/entries.ts';
import { recordedTelemetry } from '../../support/recorded-telemetry.ts';

const FORMER = { name: 'former', hash: sha256Hex('the policy of a former deployment') };
const own = decisionEntry({ n: 1 });
const former = decisionEntry({ n: 2, policy: FORMER });

function keeper(kept: readonly string[], has?: () => Promise<boolean>) {
  const calls: string[] = [];
  const recorded = recordedTelemetry();
  const keep = createKeepPolicies({
    policy: DEFAULT_POLICY,
    telemetry: recorded.telemetry,
    policies: {
      keep: async ({ hash }) => void calls.push(`keep ${hash}`),
      has: async (hash) => {
        calls.push(`has ${hash}`);
        return await (has?.() ?? kept.includes(hash));
      },
    },
  });
  return { keep, calls, ...recorded };
}

describe('before entries are logged', () => {
  test("this deployment's policy is kept, once in the life of the function", async () => {
    const { keep, calls } = keeper([]);
    await keep([factEntry({ n: 3 })]);
    expect(calls).toEqual([]);
    await keep([own, decisionEntry({ n: 4 })]);
    await keep([own]);
    expect(calls).toEqual([`keep ${DEFAULT_POLICY.hash}`]);
  });

  test("a former deployment's policy is looked up once, and nothing is said", async () => {
    const { keep, calls, lines } = keeper([FORMER.hash]);
    await keep([former, own]);
    await keep([former]);
    expect(calls).toEqual([`has ${FORMER.hash}`, `keep ${DEFAULT_POLICY.hash}`]);
    expect(lines).toEqual([]);
  });

  test('a policy that is not kept is told each time, by the number of entries, and the others are kept', async () => {
    const { keep, calls, lines, values } = keeper([]);
    await keep([former, decisionEntry({ n: 5, policy: FORMER }), own]);
    await keep([former]);
    expect(values('AuditUnknownPolicyCount')).toEqual([2, 1]);
    expect(lines.filter((line) => line.includes('"POLICY_UNKNOWN"'))).toHaveLength(2);
    expect(calls).toContain(`keep ${DEFAULT_POLICY.hash}`);
  });

  test('a lookup that fails stops nothing, and is told', async () => {
    const { keep, values, lines } = keeper([], () => Promise.reject(new Error('no such host')));
    await keep([former]);
    expect(values('AuditUnknownPolicyCount')).toEqual([1]);
    expect(lines.join()).toContain('"POLICY_UNREADABLE"');
  });

  test("a policy of this deployment's own that cannot be written is an error: the next run tries again", async () => {
    const { telemetry } = recordedTelemetry();
    let fails = true;
    const policies = {
      has: async () => true,
      keep: async () => {
        if (fails) throw new Error('SlowDown');
      },
    };
    const keep = createKeepPolicies({ policy: DEFAULT_POLICY, telemetry, policies });
    await expect(keep([own])).rejects.toThrow('SlowDown');
    fails = false;
    await expect(keep([own])).resolves.toBeUndefined();
  });
});
