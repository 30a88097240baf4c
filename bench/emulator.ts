import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** DynamoDB in a process of its own, so that its work and its garbage are not counted with ours. */
export async function startEmulator(): Promise<{ readonly endpoint: string; stop(): void }> {
  const child = fork(fileURLToPath(new URL('./emulator-process.ts', import.meta.url)));
  const [message] = await once(child, 'message');
  const { port } = z.object({ port: z.number() }).parse(message);
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
