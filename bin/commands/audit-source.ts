import { S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { LogCopy } from '../../lib/adapters/file-system/log-copy.ts';
import { S3LogSource } from '../../lib/adapters/s3/log-source.ts';
import type { DefaultLock, LogSource } from '../../lib/domain/verify/log-source.ts';
import { chosenDeployments } from '../../lib/stacks/deployments.ts';
import { type AwsClientConfig, connect, globalOptions } from './connection.ts';

const BUCKET = /^s3:\/\/([^/]+)\/?(.*)$/;

/** A log to read, what to call it, and what its versions must be locked with where that is known. */
export type OpenedSource = { readonly source: LogSource; readonly name: string; readonly lock?: DefaultLock };

export const FROM_HELP = 'a downloaded copy, or s3://bucket[/prefix]; the deployment unless told';

/** The log that --from names: a copy in a folder, a bucket; otherwise the deployment's. */
export async function openSource(command: Command, from: string | undefined): Promise<OpenedSource> {
  if (from === undefined) {
    const { aws, endpoints } = await connect(command);
    const { stage = 'dev', residency } = globalOptions(command);
    const [deployment] = chosenDeployments(stage, residency);
    const opened = bucketSource(aws, endpoints.buckets.audit, '');
    if (deployment === undefined) return opened;
    const { mode, retentionDays } = deployment.objectLock;
    return { ...opened, lock: { mode, days: retentionDays } };
  }
  const [, bucket, prefix = ''] = BUCKET.exec(from) ?? [];
  if (bucket === undefined) return { source: await LogCopy.open(from), name: from };
  return bucketSource({ region: process.env['AWS_REGION'] ?? 'us-east-1' }, bucket, prefix);
}

function bucketSource(aws: AwsClientConfig, bucket: string, path: string): OpenedSource {
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  // A bucket may lie in another region than the shell's.
  const client = new S3Client({ ...aws, followRegionRedirects: true });
  return {
    source: new S3LogSource(client, { bucket, prefix, now: Date.now() }),
    name: `s3://${bucket}/${prefix}`,
  };
}
