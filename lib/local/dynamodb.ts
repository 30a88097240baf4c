import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import dynalite from 'dynalite';
import type { AwsRequest, AwsResponse, AwsService } from './aws-service.ts';
import { forgetOldVersions, forgetOldVersionsOnce } from './dynamodb-files.ts';

export type DynamoDb = {
  /** What the gateway routes `dynamodb` to. */
  readonly service: AwsService;
  close(): Promise<void>;
};

export type DynamoDbOptions = {
  /** Where the tables are kept; in memory without one. */
  readonly folder?: string;
};

/**
 * Amazon DynamoDB on one machine, by dynalite: tables are there as soon as they are created, there are no transactions,
 * and nothing expires by its TTL. What is overwritten is gone from disk when it closes. Requests reach it in process, through the gateway alone.
 */
export async function createDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  const path = options.folder === undefined ? undefined : join(options.folder, 'dynamodb');
  if (path !== undefined) await forgetOldVersionsOnce(path);
  const server = dynalite({
    createTableMs: 0,
    updateTableMs: 0,
    deleteTableMs: 0,
    ...(path === undefined ? {} : { path }),
  });
  // dynalite closes its database only with a server that listens. It checks no signatures, so nobody may connect to it.
  server.maxConnections = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return {
    service: { protocol: 'json', handle: (request) => replay(server, request) },
    async close() {
      await new Promise<void>((resolve, reject) =>
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error))),
      );
      if (path !== undefined) await forgetOldVersions(path);
    },
  };
}

function replay(server: ReturnType<typeof dynalite>, request: AwsRequest): Promise<AwsResponse> {
  const { method, url, headers, body } = request;
  return new Promise((resolve) => {
    const replayed = Object.assign(new EventEmitter(), { method, url, headers });
    const answered: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: string | number) => {
        answered[name] = String(value);
      },
      end(text = '') {
        resolve({ status: response.statusCode, headers: answered, body: text });
      },
    };
    server.emit('request', replayed, response);
    if (body.length > 0) replayed.emit('data', body);
    replayed.emit('end');
  });
}
