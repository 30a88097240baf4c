import type { Clock } from '../clock.ts';
import type { StreamRecord } from '../dynamodb-streams/stream.ts';
import { wait } from './wait.ts';

/** What a batch may hold. */
export type BatchLimits = { readonly records: number; readonly bytes: number };

/** Records that wait for their batch, in order. */
export type Backlog = {
  add(record: StreamRecord): void;
  /** Waits for a first record, then for the window or until the batch is full; none once the signal is aborted. */
  nextBatch(windowMs: number, signal: AbortSignal): Promise<readonly StreamRecord[]>;
};

export function createBacklog(clock: Clock, limits: BatchLimits): Backlog {
  const waiting: { readonly record: StreamRecord; readonly bytes: number }[] = [];
  let added = (): void => {};
  const batchLength = (): number => {
    let bytes = 0;
    const end = waiting.findIndex((one, index) => {
      bytes += one.bytes;
      return index === limits.records || (index > 0 && bytes > limits.bytes);
    });
    return end < 0 ? waiting.length : end;
  };
  const isFull = () => waiting.length >= limits.records || batchLength() < waiting.length;
  const until = async (isMet: () => boolean, signal: AbortSignal, atMostMs?: number) => {
    const begin = (end: () => void): void => {
      added = () => {
        if (isMet()) end();
      };
      added();
    };
    await wait({ clock, signal, atMostMs, begin });
    added = () => {};
  };
  return {
    add(record) {
      waiting.push({ record, bytes: Buffer.byteLength(JSON.stringify(record)) });
      added();
    },
    async nextBatch(windowMs, signal) {
      await until(() => waiting.length > 0, signal);
      if (windowMs > 0) await until(isFull, signal, windowMs);
      return signal.aborted ? [] : waiting.splice(0, batchLength()).map(({ record }) => record);
    },
  };
}
