import * as z from 'zod';

/** The parts of a message from an SQS queue that are read. */
export const SqsRecord = z.object({ messageId: z.string(), body: z.string() });
export type SqsRecord = z.infer<typeof SqsRecord>;

export const SqsBatch = z.object({ Records: z.array(SqsRecord) });

/** What tells SQS which messages to deliver again: `ReportBatchItemFailures`. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** The answer to a batch of which all is done but these. */
export function deliverAgain(failed: readonly SqsRecord[]): BatchAnswer {
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
