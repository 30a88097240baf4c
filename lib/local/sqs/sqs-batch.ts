import * as z from 'zod';
import { AwsError } from '../aws-service.ts';
import type { Queue } from './queue.ts';
import { batchError } from './sqs-errors.ts';

export const BatchId = z.string();

type Entry = { readonly Id: string; readonly MessageBody?: string };

const MAX_ENTRIES = 10;

/** Runs each entry by itself: what fails is reported beside what succeeded, as the batch actions of Amazon SQS do. */
export function runBatch<E extends Entry>(
  queue: Queue,
  entries: readonly E[],
  run: (entry: E) => object,
): object {
  checkBatch(queue, entries);
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const Code = error.queryCode ?? error.code;
      Failed.push({ Id: entry.Id, SenderFault: error.status < 500, Code, Message: error.message });
    }
  }
  return { Successful, Failed };
}

function checkBatch(queue: Queue, entries: readonly Entry[]): void {
  if (entries.length === 0) throw batchError('EmptyBatchRequest', 'The batch request has no entries.');
  if (entries.length > MAX_ENTRIES) {
    throw batchError('TooManyEntriesInBatchRequest', `A batch has at most ${MAX_ENTRIES} entries.`);
  }
  if (entries.some(({ Id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(Id))) {
    throw batchError('InvalidBatchEntryId', 'An Id is 1 to 80 letters, digits, hyphens and underscores.');
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw batchError('BatchEntryIdsNotDistinct', 'Two entries of the batch have the same Id.');
  }
  const bytes = entries.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody ?? ''), 0);
  if (bytes > queue.properties.MaximumMessageSize) {
    throw batchError(
      'BatchRequestTooLong',
      'The messages of the batch are together longer than one message may be.',
    );
  }
}
