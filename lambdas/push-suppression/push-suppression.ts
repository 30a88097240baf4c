import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type BatchAnswer, deliverAgain } from '../../lib/adapters/sqs/batch.ts';
import { afterFailure, CLOSED, mayCall } from '../../lib/domain/circuit-breaker.ts';
import { type Change, laneOf, onceEach } from '../../lib/domain/dialler/changes.ts';
import type { Refused } from '../../lib/domain/dialler/dialler.ts';
import type { DiallerHealth } from '../../lib/domain/dialler/health.ts';
import type { DiallerHealths } from '../../lib/domain/dialler/ports.ts';
import type { TellDialler } from '../../lib/domain/dialler/tell-dialler.ts';
import type { DeadLetters } from '../../lib/domain/opt-out/dead-letters.ts';
import { DiallerBatch, type DiallerRecord } from './event.ts';

export type PushSuppressionDeps = {
  readonly name: string;
  readonly tell: TellDialler;
  readonly healths: DiallerHealths;
  readonly deadLetters: DeadLetters;
  /** Hides a message for so many seconds. */
  readonly hide: (receiptHandle: string, seconds: number) => Promise<void>;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** How far a note of health may lag while all is well: one write in ten seconds, not one a batch. */
const HEALTH_MS = 10_000;
/** So long a failed message waits at the least: the next try is a later invocation, not this one over again. */
const SHORTEST_HIDE_S = 2;

/**
 * Tells one dialler what was said of contact points. A batch is told whole or not at all; what was not told comes again, and
 * waits while the dialler is known to be down. A change that can never be told is parked by itself, so that it holds up nothing.
 */
export function createPushSuppression(deps: PushSuppressionDeps): (event: unknown) => Promise<BatchAnswer> {
  return async (event) => {
    const { Records } = DiallerBatch.parse(event);
    for (const record of Records) if (record.changes === undefined) await parkUnknown(record, deps);
    const readable = Records.filter(({ changes }) => changes !== undefined);
    const health = await deps.healths.read(deps.name);
    if (!mayCall(health.circuit, deps.now())) return await postpone(readable, health, deps);
    const changes = onceEach(readable.flatMap((record) => record.changes ?? []));
    try {
      await tell(changes, deps);
    } catch (error) {
      return await postpone(readable, await noteFailure(health, error, deps), deps);
    }
    await noteSuccess(health, deps);
    return deliverAgain([]);
  };
}

async function tell(changes: readonly Change[], deps: PushSuppressionDeps): Promise<void> {
  if (changes.length === 0) return;
  const refused = await deps.tell(changes.map(({ token }) => token));
  for (const one of refused) await parkChange(one, changes, deps);
  const since = Math.min(...changes.map((change) => change.since));
  const { name: dialler, now, telemetry } = deps;
  telemetry.metric('DiallerLagMs', Math.max(0, now() - since), { dialler });
}

/** In the form in which it came, so that it can be sent back into the queue once the cause is gone. */
async function parkChange(
  { token, cause }: Refused,
  changes: readonly Change[],
  { deadLetters, telemetry }: PushSuppressionDeps,
): Promise<void> {
  const body = JSON.stringify({ changes: changes.filter((change) => change.token === token) });
  await deadLetters.send({ id: token, body, cause, group: laneOf(token) });
  telemetry.log('SUPPRESSION_REFUSED', { reason: cause });
}

async function parkUnknown(
  { messageId, body }: DiallerRecord,
  { deadLetters, telemetry }: PushSuppressionDeps,
): Promise<void> {
  const cause = 'UNREADABLE_MESSAGE';
  await deadLetters.send({ id: messageId, body, cause });
  telemetry.log('SUPPRESSION_REFUSED', { reason: cause });
}

/** Order within a lane holds: none of its messages is handed out while an earlier one is hidden. */
async function postpone(
  records: readonly DiallerRecord[],
  { circuit }: DiallerHealth,
  { hide, now }: PushSuppressionDeps,
): Promise<BatchAnswer> {
  const seconds = Math.max(SHORTEST_HIDE_S, Math.ceil(((circuit.openUntil ?? 0) - now()) / 1000));
  // A message that cannot be hidden comes again after the queue's own time.
  await Promise.allSettled(records.map(({ receiptHandle }) => hide(receiptHandle, seconds)));
  return deliverAgain(records);
}

async function noteFailure(
  health: DiallerHealth,
  error: unknown,
  { name, healths, telemetry, now, random }: PushSuppressionDeps,
): Promise<DiallerHealth> {
  const lastCause = errorCode(error);
  telemetry.log('DIALLER_FAILED', { errorCode: lastCause });
  const circuit = afterFailure(health.circuit, { now: now(), jitter: random() });
  const failed: DiallerHealth = { ...health, circuit, lastFailedAt: now(), lastCause };
  await healths.write(name, failed);
  return failed;
}

async function noteSuccess(
  { lastDoneAt = 0, ...health }: DiallerHealth,
  { name, healths, now }: PushSuppressionDeps,
): Promise<void> {
  if (health.circuit.failures === 0 && now() - lastDoneAt < HEALTH_MS) return;
  await healths.write(name, { ...health, circuit: CLOSED, lastDoneAt: now() });
}
