import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { ComplianceError } from '../../domain/errors.ts';
import { parsedJson } from '../../domain/json.ts';
import { readFileName } from '../../domain/registry/file-name.ts';

export type RegistrySource = { readonly url: string; readonly secretArn?: string | undefined };

export type RegistryIncoming = {
  /** Puts a file into a registry's incoming folder, from its first byte to its last or not at all. */
  put(registry: string, name: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
};

const Credentials = z.union([
  z.strictObject({ username: z.string().min(1), password: z.string() }),
  z.strictObject({ token: z.string().min(1) }),
]);

/** Connecting and the first byte; a list of gigabytes takes minutes, and Lambda's own limit ends those. */
const ANSWER_MS = 60_000;

/**
 * Downloads lists over HTTPS, with the user name and password or the bearer token in a secret. The list's date is the one
 * that its file name begins with, else the day on which the server says that it was last changed: never the day of the
 * download, which would make an old list look fresh.
 */
export function registrySource(secrets: SecretsManagerClient, incoming: RegistryIncoming) {
  return async (
    registry: string,
    { url, secretArn }: RegistrySource,
    newerThan: number,
  ): Promise<'STORED' | 'NOTHING_NEW'> => {
    const headers: Record<string, string> =
      secretArn === undefined ? {} : { authorization: await authorization(secrets, secretArn) };
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ANSWER_MS);
    try {
      const answer = await fetch(url, { headers, signal: abort.signal });
      clearTimeout(timer);
      if (answer.status !== 200 || answer.body === null) throw failed(`HTTP ${answer.status}`);
      const name = nameOf(answer, url);
      if ((readFileName(name)?.versionAt ?? 0) <= newerThan) {
        await answer.body.cancel();
        return 'NOTHING_NEW';
      }
      await incoming.put(registry, name, answer.body);
      return 'STORED';
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The file's own name where it says its date, else one that is made of the date of its last change. */
function nameOf({ headers }: Response, url: string): string {
  const disposition = /filename="?([A-Za-z0-9][\w .()-]{0,199})"?/.exec(
    headers.get('content-disposition') ?? '',
  )?.[1];
  const own = disposition ?? decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  if (readFileName(own) !== undefined) return own;
  const changedAt = Date.parse(headers.get('last-modified') ?? '');
  if (Number.isNaN(changedAt)) throw failed('a list without a date');
  const ending = /\.(?:txt|csv|xml|zip)$/i.exec(own)?.[0] ?? '.txt';
  return `${new Date(changedAt).toISOString().slice(0, 10)}${ending.toLowerCase()}`;
}

async function authorization(secrets: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  const read = Credentials.safeParse(parsedJson(SecretString));
  if (!read.success) {
    throw new ComplianceError({
      code: 'BAD_SECRET',
      message: 'expected a secret with username and password, or with token; nothing was fetched',
    });
  }
  return 'token' in read.data
    ? `Bearer ${read.data.token}`
    : `Basic ${Buffer.from(`${read.data.username}:${read.data.password}`).toString('base64')}`;
}

function failed(got: string): ComplianceError {
  return new ComplianceError({
    code: 'FETCH_FAILED',
    message: `expected a list, got ${got}; nothing was fetched`,
  });
}
