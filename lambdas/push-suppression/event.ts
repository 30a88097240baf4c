import * as z from 'zod';
import { SqsRecord } from '../../lib/adapters/sqs/batch.ts';
import { Changes } from '../../lib/domain/dialler/changes.ts';
import { parsedJson } from '../../lib/domain/json.ts';

const DiallerRecord = SqsRecord.extend({ receiptHandle: z.string() }).transform((record) => ({
  ...record,
  /** Undefined where a message is none of ours. */
  changes: Changes.safeParse(parsedJson(record.body)).data?.changes,
}));
export type DiallerRecord = z.infer<typeof DiallerRecord>;

/** The parts of a batch from a dialler's queue that are read. */
export const DiallerBatch = z.object({ Records: z.array(DiallerRecord) });
