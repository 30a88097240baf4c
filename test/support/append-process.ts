import { expect } from 'vitest';
import { createAppendAuditLog } from '../../lambdas/append-audit-log/append-audit-log.ts';
import type { Metric } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { Entry } from '../../lib/domain/log/entry.ts';
import { homesOf } from '../../lib/domain/log/home.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { type AuditLogWorld, portsOf, type Step } from './audit-log-world.ts';
import { decisionEntry, factEntry, token } from './entries.ts';
import { NOON } from './facts.ts';
import { expectTree } from './reference-tree.ts';

/** The death of a process at one of its moments. */
export class Killed extends Error {}

const SURVIVES: Step = async () => {};

export type Process = {
  readonly step?: Step;
  readonly seesHome?: (home: string) => boolean;
  readonly batchEntries?: number;
  readonly now?: () => number;
  readonly alert?: (decisionId: string) => Promise<void>;
};

/** One process of append-audit-log, on the world that all share. */
export function processOf(world: AuditLogWorld, options: Process = {}) {
  const {
    step = SURVIVES,
    seesHome,
    batchEntries = 5000,
    now = () => NOON,
    alert = async () => {},
  } = options;
  const metrics: [Metric, number][] = [];
  const logs: string[] = [];
  const run = createAppendAuditLog({
    ...portsOf(world, step, seesHome),
    policy: DEFAULT_POLICY,
    alerts: { attemptBlocked: ({ decisionId }) => alert(decisionId) },
    batchLimit: { entries: batchEntries, size: 1_000_000 },
    now,
    newId: () => 'a-run',
    telemetry: { log: (code) => logs.push(code), metric: (name, value) => metrics.push([name, value]) },
  });
  return { run, metrics, logs };
}

/** Ends the process at its `nth` moment; there are two for each effect, one before it and one after. */
export function killedAt(nth: number): Step {
  let moments = 0;
  return async () => {
    if (moments >= nth) throw new Killed();
    moments += 1;
  };
}

/** Puts entries where the Lambdas leave them. */
export function waitFor(world: AuditLogWorld, entries: readonly Entry[]): void {
  for (const entry of entries) world.wait(homesOf(entry)[0] ?? '', entry);
}

/** The log holds exactly `entries`, numbered from 0 without a gap, in whole objects that the head has counted. */
export function expectExactly(world: AuditLogWorld, entries: readonly Entry[]): void {
  const logged = world.lines().map((line) => JSON.parse(line));
  expect(logged.map(({ index }) => index)).toEqual(entries.map((_, index) => index));
  expect(logged.map(({ id }) => id).toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
  expect(world.head.size).toBe(entries.length);
  expect(world.head.batch).toBeUndefined();
  expect(world.waiting()).toBe(0);
  expect([...world.unkept]).toEqual([]);
  expectTree({ lines: world.lines(), objects: world.tree, pointers: world.pointers });
}

/** Runs until nothing waits. */
export async function settle(world: AuditLogWorld, alert = async (_: string) => {}): Promise<void> {
  do await processOf(world, { alert, now: () => NOON + 90 * 86_400_000 }).run();
  while (world.waiting() > 0);
}

export const ENTRIES: readonly Entry[] = [
  factEntry({ n: 1 }),
  decisionEntry({ n: 2, legalAlert: 'FAILED' }),
  factEntry({ n: 3, subjects: [] }),
  decisionEntry({ n: 4, subjects: [token(1)], at: NOON + 1 }),
];
