import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const held = new Set<string>();

/**
 * Keeps a second process from writing a file that this one writes. Throws where a living process has it; what a killed
 * process has left behind is taken over. Returns the release.
 */
export function lockFile(path: string): () => void {
  const lock = `${path}.lock`;
  if (held.has(lock)) throw inUse(path, process.pid);
  const owner = ownerOf(lock);
  // Our own id without our holding it is that of a dead process, as ids come again where a container restarts.
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) throw inUse(path, owner);
  if (owner !== undefined) rmSync(lock);
  writeFileSync(lock, String(process.pid), { flag: 'wx', mode: 0o600 });
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(lock, { force: true });
  };
}

function ownerOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(processId: number): boolean {
  try {
    // Signal 0 is not sent: it only asks whether there is someone to send it to.
    return processId > 0 && process.kill(processId, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}

function inUse(path: string, owner: number): Error {
  return new Error(
    `${path} is in use by process ${owner}: another local stack runs on this folder. Stop it first.`,
  );
}
