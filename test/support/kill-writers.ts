import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Entry } from '../../lib/domain/log/entry.ts';
import type { TestAuditLog } from '../contract/audit-log-fixture.ts';
import type { Order } from '../contract/audit-log-process.ts';
import { credentials } from '../contract/local-s3.ts';
import { decisionEntry, factEntry, token } from './entries.ts';
import { NOON } from './facts.ts';
import type { Random } from './random.ts';

const SCRIPT = join(import.meta.dirname, '../contract/audit-log-process.ts');
/** About as many requests as a run sends. */
const REQUESTS = 32;
const MINUTE_MS = 60_000;

/**
 * Starts `kills` processes of the log's writer, now and then two at once, while entries come in; each is killed at a
 * random request. Says what was committed, and where each process died.
 */
export async function killWriters(
  log: TestAuditLog,
  random: Random,
  kills: number,
): Promise<{ readonly entries: readonly Entry[]; readonly deaths: readonly string[]; readonly now: number }> {
  const entries: Entry[] = [];
  const deaths: string[] = [];
  let now = NOON;
  while (deaths.length < kills) {
    // Past every lease; sometimes past the hour, when an idle log signs again.
    now += random.pick([MINUTE_MS, 2 * MINUTE_MS, 61 * MINUTE_MS]);
    const fresh = Array.from({ length: random.below(8) }, (_, n) =>
      entryOf(random, { n: entries.length + n, now }),
    );
    for (const entry of fresh) await log.commit(entry);
    entries.push(...fresh);
    const writers = Array.from({ length: random.chance(0.2) ? 2 : 1 }, () =>
      writer(log, {
        now,
        nth: 1 + random.below(REQUESTS),
        moment: random.pick(['BEFORE', 'DURING', 'AFTER'] as const),
      }),
    );
    deaths.push(...(await Promise.all(writers)));
  }
  return { entries, deaths, now };
}

function entryOf(random: Random, { n, now }: { n: number; now: number }): Entry {
  const at = now - random.below(MINUTE_MS);
  const place = { n, at, subjects: [token(random.below(20))] };
  return random.chance(0.5) ? factEntry(place) : decisionEntry({ ...place, legalAlert: 'FAILED' });
}

async function writer(
  log: TestAuditLog,
  order: Omit<Order, 's3' | 'dynamodb' | 'credentials'>,
): Promise<string> {
  const given = { s3: log.s3.endpoint(), dynamodb: log.dynamoDbEndpoint, credentials, ...order };
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += String(text);
  });
  await once(child, 'close');
  return said.trim();
}
