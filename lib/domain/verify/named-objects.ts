import { hash } from 'node:crypto';
import * as z from 'zod';
import type { ScannedEntries } from './entries-object.ts';
import type { Finding } from './findings.ts';
import type { Inventory } from './inventory.ts';
import { policyKeyOf } from './object-name.ts';
import type { StoredLog } from './stored-log.ts';

const Scrub = z.object({ evidence: z.object({ key: z.string(), sha256: z.string() }).optional() });

export type NamedObjectsDeps = {
  readonly log: StoredLog;
  readonly inventory: Pick<Inventory, 'policies' | 'evidence'>;
  /** Whether all entries were gone through: then objects that none of them names are read as well. */
  readonly whole: boolean;
};

/** The policies and the evidence that entries name by hash, so that the signed tree covers them too. */
export class NamedObjects {
  readonly #policies = new Set<string>();
  /** SHA-256 by key. */
  readonly #evidence = new Map<string, string>();

  add({ policies, scrubs }: Pick<ScannedEntries, 'policies' | 'scrubs'>): void {
    for (const policy of policies) this.#policies.add(policy);
    for (const line of scrubs) {
      const { evidence } = Scrub.safeParse(JSON.parse(line)).data ?? {};
      if (evidence !== undefined) this.#evidence.set(evidence.key, evidence.sha256);
    }
  }

  async check(deps: NamedObjectsDeps, report: (finding: Finding) => void): Promise<void> {
    await this.#checkPolicies(deps, report);
    const stored = new Set(deps.inventory.evidence);
    for (const [key, sha256] of this.#evidence) {
      const found = stored.has(key) ? await deps.log.digest(key) : undefined;
      if (!stored.has(key)) report({ code: 'OBJECT_MISSING', key });
      else if (found !== undefined && found !== sha256) report({ code: 'BYTES_CHANGED', key });
    }
    const unnamed = deps.inventory.evidence.filter((key) => !this.#evidence.has(key));
    for (const key of deps.whole ? unnamed : []) await deps.log.digest(key);
  }

  async #checkPolicies(
    { log, inventory }: NamedObjectsDeps,
    report: (finding: Finding) => void,
  ): Promise<void> {
    for (const policy of new Set([...this.#policies, ...inventory.policies])) {
      const key = policyKeyOf(policy);
      const bytes = inventory.policies.has(policy) ? await log.read(key) : undefined;
      if (!inventory.policies.has(policy)) report({ code: 'OBJECT_MISSING', key });
      if (bytes !== undefined && hash('sha256', bytes) !== policy) report({ code: 'BYTES_CHANGED', key });
    }
  }
}
