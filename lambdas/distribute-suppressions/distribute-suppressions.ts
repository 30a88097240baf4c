import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { inParallel } from '../../lib/adapters/in-parallel.ts';
import type { MarkedChange } from '../../lib/domain/dialler/changes.ts';
import type { DiallerQueue, UnpushedChanges } from '../../lib/domain/dialler/ports.ts';
import { StreamBatch } from './event.ts';

export type DistributeSuppressionsDeps = {
  readonly unpushed: UnpushedChanges;
  /** Of every dialler. */
  readonly queues: readonly DiallerQueue[];
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** A mark that old was passed over by the stream, or its run failed. */
const OVERLOOKED_MS = 20_000;
const CLEARED_AT_ONCE = 16;

/**
 * Puts what was said of contact points into the queue of every dialler: from the table's stream as it happens, and on a
 * schedule whatever is still marked. A mark goes only once every queue has the change, so nothing is lost by a run that dies.
 */
export function createDistributeSuppressions(
  deps: DistributeSuppressionsDeps,
): (event: unknown) => Promise<void> {
  return async (event) => {
    const batch = StreamBatch.safeParse(event);
    if (batch.success)
      return await distribute(
        batch.data.Records.flatMap((mark) => mark ?? []),
        deps,
      );
    let overlooked = 0;
    for await (const marks of deps.unpushed.waiting(deps.now() - OVERLOOKED_MS)) {
      await distribute(marks, deps);
      overlooked += marks.length;
    }
    if (overlooked > 0) deps.telemetry.log('SUPPRESSIONS_OVERLOOKED', { count: overlooked });
  };
}

async function distribute(marks: readonly MarkedChange[], deps: DistributeSuppressionsDeps): Promise<void> {
  if (marks.length === 0) return;
  const changes = marks.map(({ token, since }) => ({ token, since }));
  await Promise.all(deps.queues.map((queue) => queue.send(changes)));
  const latest = new Map(marks.toSorted((a, b) => a.version - b.version).map((mark) => [mark.token, mark]));
  await inParallel([...latest.values()], CLEARED_AT_ONCE, (mark) => deps.unpushed.clear(mark));
}
