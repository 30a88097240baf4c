import { errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type BatchAnswer, deliverAgain } from '../../lib/adapters/sqs/batch.ts';
import { type DailyRoundDeps, dailyRound } from './daily-round.ts';
import { RegistryBatch, type RegistryRecord, readOccasion } from './event.ts';
import { type TakeFilesDeps, takeFiles } from './take-files.ts';

export type SyncRegistryDeps = Omit<TakeFilesDeps, 'hasTime'> &
  DailyRoundDeps & {
    /** Lets a message be delivered again after so many seconds, rather than after the queue's hour and a half. */
    readonly tryAgainIn: (receiptHandle: string, seconds: number) => Promise<void>;
  };

/** Of Lambda's 15 minutes, so that a step that was just begun can end. */
const WORKING_MS = 12 * 60_000;
const AGAIN_SECONDS = { outOfTime: 5, failed: 240 } as const;

/**
 * Keeps the registries in step with the files that come for them: `registry/<name>/incoming/<file>` in the registry
 * bucket, announced through one FIFO group, so that one import is at work at a time; and makes the daily round.
 */
export function createSyncRegistry(deps: SyncRegistryDeps): (event: unknown) => Promise<BatchAnswer> {
  return async (event) => {
    const beganAt = deps.now();
    const work = { ...deps, hasTime: () => deps.now() - beganAt < WORKING_MS };
    const { Records } = RegistryBatch.parse(event);
    for (const [place, record] of Records.entries()) {
      // What follows a failed message of the same group must not overtake it.
      if (!(await handled(record, work))) return deliverAgain(Records.slice(place));
    }
    return deliverAgain([]);
  };
}

async function handled({ body, receiptHandle }: RegistryRecord, deps: SyncRegistryDeps): Promise<boolean> {
  const occasion = readOccasion(body);
  try {
    switch (occasion.kind) {
      case 'FILE':
        await takeFiles(occasion.registry, deps);
        break;
      case 'ROUND':
        await dailyRound(deps);
        break;
      case 'OTHER':
        deps.telemetry.log('REGISTRY_EVENT_IGNORED');
    }
    return true;
  } catch (error) {
    const code = errorCode(error);
    deps.telemetry.log('REGISTRY_RETRIED', { errorCode: code });
    const seconds = code === 'OUT_OF_TIME' ? AGAIN_SECONDS.outOfTime : AGAIN_SECONDS.failed;
    await deps.tryAgainIn(receiptHandle, seconds);
    return false;
  }
}
