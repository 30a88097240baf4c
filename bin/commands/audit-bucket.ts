import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { Presets, SingleBar } from 'cli-progress';
import * as z from 'zod';
import type { OnDecision } from '../../lib/adapters/audit-log/replay-log.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { S3LogObjects } from '../../lib/adapters/s3/log-objects.ts';
import { S3Policies } from '../../lib/adapters/s3/policies.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { Connection } from './connection.ts';

/** The log of a deployment, what waits for it, and the policies that its decisions name. */
export function auditBucket({ aws, endpoints, policy }: Connection) {
  const s3 = new S3Client(aws);
  return {
    objects: new S3LogObjects(s3, endpoints.buckets.audit),
    pending: new DynamoPendingEntries(new DynamoDBClient(aws), endpoints.tables.contactPoints),
    policies: new S3Policies(s3, endpoints.buckets.audit, [DEFAULT_POLICY, policy]),
  };
}

const UNITS = { h: 3_600_000, d: 86_400_000 };

/** `--since`: a day, or how long ago: `2026-11-01`, `30d`, `12h`; epoch milliseconds. */
export const Since = z.union(
  [
    z.iso.date().transform((day) => Date.parse(day)),
    z.templateLiteral([z.int().positive(), z.enum(['h', 'd'])]).transform((ago) => {
      const unit = ago.endsWith('h') ? UNITS.h : UNITS.d;
      return Date.now() - Number.parseInt(ago, 10) * unit;
    }),
  ],
  'expected a day such as 2026-11-01, or a time such as 30d or 12h',
);

/** Counts decisions on standard error while `run` goes through them; nothing where nobody watches. */
export async function counting<T>(run: (onDecision: OnDecision) => Promise<T>): Promise<T> {
  const bar = new SingleBar({ format: ' {value} decisions | {duration_formatted}' }, Presets.shades_classic);
  bar.start(0, 0);
  try {
    return await run((count) => bar.update(count));
  } finally {
    bar.stop();
  }
}
