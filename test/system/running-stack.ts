import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connectionTo } from '../../bin/commands/connection.ts';
import { bootLocalStack, type LocalStack } from '../../lib/local/boot/boot.ts';
import { synthesize } from '../../lib/local/synthesize.ts';

export type RunningStack = {
  readonly stack: LocalStack;
  readonly connection: Connection;
  readonly folder: string;
  /** Faults of the local services themselves. */
  readonly faults: readonly unknown[];
  stop(): Promise<void>;
};

/** Synthesizes and boots a deployment in a folder of its own, as `npm start` does. */
export async function startStack(residency: 'EU' | 'US'): Promise<RunningStack> {
  const root = mkdtempSync(join(tmpdir(), 'dialguard-system-'));
  const assembly = join(root, 'cdk.out');
  const folder = join(root, 'state');
  await synthesize(residency, assembly);
  const faults: unknown[] = [];
  const stack = await bootLocalStack({ assembly, folder, port: 0, onError: (error) => faults.push(error) });
  return {
    stack,
    connection: connectionTo(stack.endpoints),
    folder,
    faults,
    async stop() {
      await stack.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer is there. Rejects after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
