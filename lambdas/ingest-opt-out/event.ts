import * as z from 'zod';
import { SqsRecord } from '../../lib/adapters/sqs/batch.ts';

const OptOutRecord = SqsRecord.extend({
  attributes: z.object({
    /** Epoch milliseconds, as text. */
    SentTimestamp: z.coerce.number().int().nonnegative(),
    MessageGroupId: z.string().default(''),
  }),
});
export type OptOutRecord = z.infer<typeof OptOutRecord>;

/** The parts of a batch from the FIFO queue that are read. */
export const OptOutBatch = z.object({ Records: z.array(OptOutRecord) });
