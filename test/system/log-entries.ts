import { gunzipSync } from 'node:zlib';
import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { Connection } from '../../bin/commands/connection.ts';
import { eventually } from './running-stack.ts';

const Line = z.looseObject({
  index: z.number(),
  kind: z.string(),
  subjects: z.array(z.string()),
  at: z.string(),
});
export type Line = z.infer<typeof Line>;

/** Runs append-audit-log, as its schedule does. */
export async function appendAuditLog({ aws, endpoints }: Connection): Promise<void> {
  const client = new LambdaClient(aws);
  const invoke = new InvokeCommand({ FunctionName: endpoints.functions.appendAuditLog, Payload: '{}' });
  // The function runs once at a time, and its schedule may have been faster.
  const { FunctionError } = await eventually('append-audit-log is free', () =>
    client.send(invoke).catch((error: unknown) => {
      if (error instanceof TooManyRequestsException) return undefined;
      throw error;
    }),
  );
  if (FunctionError !== undefined) throw new Error(`append-audit-log failed: ${FunctionError}`);
}

/** Every line of the audit log, in the order of the objects' names. */
export async function logLines({ aws, endpoints }: Connection): Promise<readonly Line[]> {
  const client = new S3Client(aws);
  const Bucket = endpoints.buckets.audit;
  const lines: Line[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'entries/',
        ...(ContinuationToken ? { ContinuationToken } : {}),
      }),
    );
    for (const { Key } of page.Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString('utf8');
      for (const line of text.split('\n').filter((one) => one !== ''))
        lines.push(Line.parse(JSON.parse(line)));
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return lines.toSorted((a, b) => a.index - b.index);
}
