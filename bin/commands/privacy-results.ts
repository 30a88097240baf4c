import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoSubjectRequests } from '../../lib/adapters/dynamodb/subject-requests.ts';
import { S3SubjectResults } from '../../lib/adapters/s3/subject-results.ts';
import { kekFrom } from '../../lib/adapters/secrets-manager/secrets.ts';
import type { Connection } from './connection.ts';

/**
 * Opens the results of a request with the caller's own AWS credentials and writes them into a folder.
 *
 * @returns the names of the files.
 * @throws ComplianceError REQUEST_DESTROYED where nobody can open them any more.
 */
export async function fetchResults(
  connection: Connection,
  id: string,
  folder: string,
): Promise<readonly string[]> {
  const results = resultsOf(connection);
  const names = await results.names(id);
  if (names.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const written: string[] = [];
  for (const name of names) {
    const content = await results.get({ requestId: id, name });
    if (content === undefined) continue;
    writeFileSync(join(folder, basename(name)), content, { mode: 0o600 });
    written.push(basename(name));
  }
  return written;
}

function resultsOf({ aws, endpoints }: Connection): S3SubjectResults {
  const client = new DynamoDBClient(aws);
  const kek = kekFrom(new SecretsManagerClient(aws), endpoints.secrets.kek);
  const requests = new DynamoSubjectRequests({
    client,
    table: endpoints.tables.cases,
    contactPoints: new DynamoContactPoints(client, endpoints.tables.contactPoints),
    kek,
    keptBack: () => undefined,
    now: Date.now,
  });
  return new S3SubjectResults({
    client: new S3Client(aws),
    bucket: endpoints.buckets.privacy,
    kek,
    dataKeyOf: (requestId) => requests.dataKeyOf(requestId),
  });
}
