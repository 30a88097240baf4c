import * as z from 'zod';
import { ObjectCreated } from '../../lib/adapters/s3/object-created.ts';
import { SqsRecord } from '../../lib/adapters/sqs/batch.ts';
import { parsedJson } from '../../lib/domain/json.ts';

const RegistryRecord = SqsRecord.extend({ receiptHandle: z.string() });
export type RegistryRecord = z.infer<typeof RegistryRecord>;

/** The parts of a batch from the FIFO queue that are read. */
export const RegistryBatch = z.object({ Records: z.array(RegistryRecord) });

const Scheduled = z.object({ 'detail-type': z.literal('Scheduled Event') });

/** The whole key, in characters that mean the same everywhere. */
const INCOMING_KEY = /^registry\/([a-z0-9][a-z0-9-]{0,63})\/incoming\/./;

/** A registry that a file came for, the daily round, or a message that is neither. */
type Occasion =
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
