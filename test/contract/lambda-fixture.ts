// A local AWS without functions, anew for each test of the file that imports this.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, type InvokeCommandInput, type LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach } from 'vitest';
import type { LocalAws } from '../../lib/local/local-aws.ts';
import { bundle, codeFolder } from './function-fixture.ts';
import { clientsOf, manualClock, startLocalAws, temporaryFolder } from './local-aws-fixture.ts';

export let folder: ReturnType<typeof temporaryFolder>;
export let clock: ReturnType<typeof manualClock>;
export let aws: LocalAws;
export let client: LambdaClient;
export let logs: string[];
export let dropped: string[];

export async function start(): Promise<void> {
  logs = [];
  dropped = [];
  aws = await startLocalAws(folder.path, {
    clock,
    hooks: {
      onLog: (name, text) => void logs.push(`${name}: ${text}`),
      onDroppedInvocation: (name) => void dropped.push(name),
    },
  });
  client = clientsOf(aws.endpoint).lambda;
}

beforeEach(async () => {
  folder = temporaryFolder();
  // What lies above the asset folders must not decide how a bundle is loaded.
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}');
  clock = manualClock();
  await start();
});
afterEach(async () => {
  await aws.close();
  folder.remove();
});

export type Properties = Parameters<LocalAws['lambda']['createFunction']>[0];

export function declare(FunctionName: string, handler: string, more: Partial<Properties> = {}): string {
  const CodeFolder = codeFolder(folder.path, FunctionName, bundle(handler));
  return aws.lambda.createFunction({ FunctionName, CodeFolder, Handler: 'index.handler', ...more });
}

export async function invoke(
  FunctionName: string,
  event: unknown = {},
  more: Partial<InvokeCommandInput> = {},
) {
  const answer = await client.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event), ...more }),
  );
  const text = answer.Payload?.transformToString() ?? '';
  return { ...answer, payload: text === '' ? undefined : JSON.parse(text) };
}
export const log = (name: string) => readFileSync(join(folder.path, 'logs', `${name}.log`), 'utf8');
