import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig, S3ServiceException } from '@aws-sdk/client-s3';
import { createLocalS3, type LocalS3, type LocalS3Options } from '../../lib/local/s3/server.ts';

export const DAY_MS = 86_400_000;
export const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};

type Events = Parameters<NonNullable<LocalS3Options['onObjectCreated']>>[0][];

export type Fixture = {
  readonly folder: string;
  readonly events: Events;
  /** Moves the store's clock; the client's clock follows it, so that signatures stay valid. */
  readonly advance: (ms: number) => void;
  readonly now: () => number;
  readonly local: () => LocalS3;
  readonly client: (config?: S3ClientConfig) => S3Client;
  readonly endpoint: () => string;
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A local S3 behind node:http on a free port of 127.0.0.1, on a folder of its own, with a clock that tests move. */
export async function startLocalS3(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), 'local-s3-'));
  const events: Events = [];
  const clients: S3Client[] = [];
  let offset = 0;
  const now = (): number => Date.now() + offset;
  let running = await listen({ folder, now, events });
  const client = (config: S3ClientConfig = {}): S3Client => {
    const made = new S3Client({
      endpoint: `http://127.0.0.1:${running.port}`,
      region: 'us-east-1',
      credentials,
      systemClockOffset: offset,
      maxAttempts: 1,
      ...config,
    });
    clients.push(made);
    return made;
  };
  const stop = async (): Promise<void> => {
    for (const made of clients.splice(0)) made.destroy();
    running.server.closeAllConnections();
    await new Promise((resolve) => running.server.close(resolve));
  };
  return {
    folder,
    events,
    now,
    advance: (ms) => {
      offset += ms;
    },
    local: () => running.local,
    client,
    endpoint: () => `http://127.0.0.1:${running.port}`,
    restart: async () => {
      await stop();
      running = await listen({ folder, now, events });
    },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The name and status of the service's refusal; fails where the call was not refused. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.name} ${error.$metadata.httpStatusCode}`;
    throw error;
  }
  throw new Error('expected a refusal, but the call succeeded');
}

async function listen(options: { folder: string; now: () => number; events: Events }) {
  const { folder, now, events } = options;
  const local = createLocalS3({
    folder,
    credentials,
    region: 'us-east-1',
    now,
    onObjectCreated: (event) => events.push(event),
  });
  const server: Server = createServer((request, response) => void local.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { local, server, port: portOf(server.address()) };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}
