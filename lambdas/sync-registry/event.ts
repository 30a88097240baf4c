import * as z from 'zod';
import { parsedJson } from '../../lib/domain/json.ts';

/** The parts of a batch from an SQS FIFO queue that are read. */
export const SqsBatch = z.object({
  Records: z.array(z.object({ messageId: z.string(), receiptHandle: z.string(), body: z.string() })),
});
export type SqsRecord = z.infer<typeof SqsBatch>['Records'][number];

/** What S3 tells EventBridge of a new object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
const ObjectCreated = z.object({
  'detail-type': z.literal('Object Created'),
  detail: z.object({ object: z.object({ key: z.string().min(1) }) }),
});
const Scheduled = z.object({ 'detail-type': z.literal('Scheduled Event') });

/** The whole key, in characters that mean the same everywhere. */
const INCOMING_KEY = /^registry\/([a-z0-9][a-z0-9-]{0,63})\/incoming\/./;

/** A registry that a file came for, the daily round, or a message that is neither. */
export type Occasion =
  | { readonly kind: 'FILE'; readonly registry: string }
  | { readonly kind: 'ROUND' }
  | { readonly kind: 'OTHER' };

/** Reads a message's body. Never throws. */
export function readOccasion(body: string): Occasion {
  const event = z.union([ObjectCreated, Scheduled]).safeParse(parsedJson(body));
  if (!event.success) return { kind: 'OTHER' };
  if (event.data['detail-type'] === 'Scheduled Event') return { kind: 'ROUND' };
  const registry = INCOMING_KEY.exec(event.data.detail.object.key)?.[1];
  return registry === undefined ? { kind: 'OTHER' } : { kind: 'FILE', registry };
}

/** What tells SQS which messages to deliver again: `ReportBatchItemFailures`. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };
