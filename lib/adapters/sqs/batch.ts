import * as z from 'zod';

/** The parts of a batch from an SQS queue that are read. */
export const SqsBatch = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
export type SqsRecord = z.infer<typeof SqsBatch>['Records'][number];

/** What tells SQS which messages to deliver again: `ReportBatchItemFailures`. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
