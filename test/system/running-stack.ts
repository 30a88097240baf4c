import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connectionTo } from '../../bin/commands/connection.ts';
import { bootLocalStack, type LocalStack } from '../../lib/local/boot/boot.ts';
import type { Platforms } from '../../lib/local/boot/platforms.ts';
import { writeEndpoints } from '../../lib/local/endpoints.ts';
import { assemblyOf } from './shared-assembly.ts';

export type RunningStack = {
  readonly stack: LocalStack;
  readonly connection: Connection;
  readonly folder: string;
  /** The endpoints file, for the command. */
  readonly endpointsFile: string;
  /** Faults of the local services themselves. */
  readonly faults: readonly unknown[];
  /** Every body that the HTTP API has answered `connection` with. */
  readonly answers: readonly unknown[];
  /** Stops the stack and boots it again on what it has kept, on other ports. */
  restart(): Promise<RunningStack>;
  stop(): Promise<void>;
};

/** Synthesizes and boots a deployment in a folder of its own, as `npm start` does, beside the platforms of a test. */
export async function startStack(residency: 'EU' | 'US', platforms: Platforms = {}): Promise<RunningStack> {
  const root = mkdtempSync(join(tmpdir(), 'dialguard-system-'));
  const { diallers } = platforms;
  // Those of a deployment have addresses that begin with https.
  const deployed = diallers && JSON.parse(JSON.stringify(diallers).replaceAll('"http:', '"https:'));
  return await boot({ root, assembly: await assemblyOf({ residency, diallers: deployed }), platforms });
}

type Booted = { readonly root: string; readonly assembly: string; readonly platforms: Platforms };

async function boot(booted: Booted): Promise<RunningStack> {
  const { root, assembly, platforms } = booted;
  const folder = join(root, 'state');
  const faults: unknown[] = [];
  const answers: unknown[] = [];
  const stack = await bootLocalStack({
    assembly,
    folder,
    port: 0,
    platforms,
    // Most tests need a few of the functions; the main job, which the gate runs too, loads them all.
    warm: false,
    onError: (error) => faults.push(error),
  });
  const endpointsFile = join(root, 'endpoints.json');
  writeEndpoints(endpointsFile, stack.endpoints);
  return {
    stack,
    connection: recording(connectionTo(stack.endpoints), answers),
    folder,
    endpointsFile,
    faults,
    answers,
    async restart() {
      await stack.close();
      return await boot(booted);
    },
    async stop() {
      await stack.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function recording(connection: Connection, answers: unknown[]): Connection {
  return {
    ...connection,
    async post(path, body) {
      const answer = await connection.post(path, body);
      answers.push(answer.body);
      return answer;
    },
  };
}

/** Asks again until the answer is there. Rejects after `timeoutMs`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  timeoutMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
