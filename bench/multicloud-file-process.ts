// A file that forgets people, processed in a process of its own, so that its time and its peak memory are its own.
import { v7 as uuid } from 'uuid';
import * as z from 'zod';
import { createForgetAndExport } from '../lambdas/process-multicloud-file/forget-and-export.ts';
import { createProcessMulticloudFile } from '../lambdas/process-multicloud-file/process-multicloud-file.ts';
import { Explainer } from '../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../lib/adapters/dynamodb/reviews.ts';
import { DynamoSubmissionJobs } from '../lib/adapters/dynamodb/submission-jobs.ts';
import { createEraseContactPoint } from '../lib/adapters/erase-contact-point.ts';
import { TABLES } from '../test/support/dynalite.ts';
import { dynamoDbClient } from '../test/support/dynamodb-client.ts';
import { PEPPER } from '../test/support/numbers.ts';
import { recordedTelemetry } from '../test/support/recorded-telemetry.ts';

const Task = z.object({ endpoint: z.string(), name: z.string(), text: z.string() });
const now = Date.now;

process.once('message', async (message) => {
  const { endpoint, name, text } = Task.parse(message);
  const client = dynamoDbClient(endpoint);
  const contactPoints = new DynamoContactPoints(client, TABLES.contactPoints);
  const common = { contactPoints, pepper: async () => PEPPER, residency: 'US', now, newId: uuid } as const;
  let log = '';
  const run = createProcessMulticloudFile({
    ...{ inboxBucket: 'privacy', zone: 'UTC', telemetry: recordedTelemetry().telemetry, now },
    readFile: async () => ({ kind: 'text', text }),
    jobs: new DynamoSubmissionJobs(client, TABLES.cases),
    results: {
      has: async () => false,
      put: async (_, content) => {
        log = content.toString();
      },
    },
    people: createForgetAndExport({
      ...common,
      eraseContactPoint: createEraseContactPoint({
        ...common,
        reviews: new DynamoReviews(client, TABLES.cases),
      }),
      explainer: new Explainer({
        ...{ contactPoints, now, objects: { lines: async function* () {} } },
        pending: new DynamoPendingEntries(client, TABLES.contactPoints),
        policies: { find: async () => undefined },
      }),
    }),
  });
  const detail = { bucket: { name: 'privacy' }, object: { key: `GDPR_Submit/${name}` } };
  const body = JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail });
  const cpu = process.cpuUsage();
  const began = performance.now();
  await run({ Records: [{ messageId: 'm1', body }] });
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = performance.now() - began;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  // The log is large: the channel stays open until all of it is sent.
  process.send?.({ wallMs, cpuMs: (user + system) / 1000, peakMb, log }, () => process.disconnect());
});
