import * as z from 'zod';

/** The parts of a batch from an SQS FIFO queue that are read. */
export const SqsBatch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({
        /** Epoch milliseconds, as text. */
        SentTimestamp: z.coerce.number().int().nonnegative(),
        MessageGroupId: z.string().default(''),
      }),
    }),
  ),
});
export type SqsRecord = z.infer<typeof SqsBatch>['Records'][number];

/** What tells SQS which messages to deliver again: `ReportBatchItemFailures`. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
