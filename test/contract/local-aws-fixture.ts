import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../lib/local/clock.ts';
import { createLocalAws, type LocalAws, type LocalAwsHooks } from '../../lib/local/local-aws.ts';

export const account = { region: 'eu-central-1', accountId: '000000000000' };
export const credentials = { accessKeyId: 'AKIDLOCALEXAMPLE', secretAccessKey: 'local-secret-for-tests' };

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'dialguard-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

type StartOptions = { readonly clock?: Clock; readonly hooks?: LocalAwsHooks };

export function startLocalAws(folder: string, options: StartOptions = {}): Promise<LocalAws> {
  return createLocalAws({ account, credentials, folder, ...options });
}

/** Real SDK clients, pointed at the endpoint. */
export function clientsOf(endpoint: string, as = credentials) {
  const config = { endpoint, region: account.region, credentials: as, maxAttempts: 1 };
  return {
    dynamodb: new DynamoDBClient(config),
    events: new EventBridgeClient(config),
    kms: new KMSClient(config),
    lambda: new LambdaClient(config),
    secrets: new SecretsManagerClient(config),
    sns: new SNSClient(config),
    sqs: new SQSClient(config),
  };
}

/** A clock that moves when told to, and runs what has become due. */
export function manualClock(start = Date.now()): Clock & { advance(ms: number): void } {
  let now = start;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    after(delayMs, run) {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = end;
    },
  };
}
