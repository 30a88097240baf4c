import { createServer, type RequestListener } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { registrySource } from '../../lib/adapters/http/registry-source.ts';

const LIST = '212,5550100\n';
let close: () => void = () => undefined;
afterEach(() => close());

/** A registry's site on this machine. */
async function site(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return `http://127.0.0.1:${port}`;
}

/** The real client; its calls end in a secret of ours. */
function secretsWith(SecretString: string): SecretsManagerClient {
  const client = new SecretsManagerClient({ region: 'us-east-1' });
  const $metadata = {};
  client.middlewareStack.add(() => async () => ({ output: { $metadata, SecretString }, response: {} }), {
    step: 'initialize',
  });
  return client;
}

async function fetched(
  url: string,
  { secret = undefined as string | undefined, newerThan = 0 } = {},
): Promise<{ outcome: string; stored: [string, string, string][] }> {
  const stored: [string, string, string][] = [];
  const put = async (registry: string, name: string, bytes: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = [];
    for await (const chunk of bytes) parts.push(chunk);
    stored.push([registry, name, Buffer.concat(parts).toString('latin1')]);
  };
  const fetchList = registrySource(secretsWith(secret ?? ''), { put });
  const secretArn =
    secret === undefined ? undefined : 'arn:aws:secretsmanager:us-east-1:111122223333:secret:x';
  return { outcome: await fetchList('us-national', { url, secretArn }, newerThan), stored };
}

describe('a registry source', () => {
  it.each([
    {
      what: 'basic',
      secret: '{"username":"org-1","password":"p:w"}',
      authorization: `Basic ${btoa('org-1:p:w')}`,
    },
    { what: 'bearer', secret: '{"token":"t1"}', authorization: 'Bearer t1' },
    { what: 'no', secret: undefined, authorization: undefined },
  ])('is asked with $what credentials', async ({ secret, authorization }) => {
    const asked: (string | undefined)[] = [];
    const url = await site(({ headers }, answer) => {
      asked.push(headers.authorization);
      answer.setHeader('content-disposition', 'attachment; filename="2026-11-20_818_a.txt"').end(LIST);
    });
    expect(await fetched(url, { secret })).toEqual({
      outcome: 'STORED',
      stored: [['us-national', '2026-11-20_818_a.txt', LIST]],
    });
    expect(asked).toEqual([authorization]);
  });

  it.each([
    { what: 'the name in the address', path: '/lists/2026-11-19.zip', headers: {}, name: '2026-11-19.zip' },
    {
      what: 'the day of the last change',
      path: '/full.zip',
      headers: { 'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT' },
      name: '2026-11-20.zip',
    },
    {
      what: 'the day of the last change, of a list without an ending',
      path: '/download?id=1',
      headers: { 'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT' },
      name: '2026-11-20.txt',
    },
  ])('dates its list by $what', async ({ path, headers, name }) => {
    const url = await site((_request, answer) => void answer.writeHead(200, headers).end(LIST));
    expect((await fetched(`${url}${path}`)).stored).toEqual([['us-national', name, LIST]]);
  });

  it('stores nothing that is not newer than the version in use', async () => {
    const url = await site((_request, answer) => void answer.end(LIST));
    const at = `${url}/2026-11-20.txt`;
    const before = { newerThan: Date.UTC(2026, 10, 19) };
    expect(await fetched(at, { newerThan: Date.UTC(2026, 10, 20) })).toEqual({
      outcome: 'NOTHING_NEW',
      stored: [],
    });
    expect(await fetched(at, before)).toMatchObject({ outcome: 'STORED' });
  });

  it.each([
    { what: 'refused credentials', status: 401 },
    { what: 'a list without a date', status: 200 },
  ])('fails on $what', async ({ status }) => {
    const url = await site((_request, answer) => void answer.writeHead(status).end(LIST));
    await expect(fetched(url)).rejects.toMatchObject({ code: 'FETCH_FAILED' });
  });

  it('fails on a download that was cut off', async () => {
    const url = await site((_request, answer) => {
      answer.writeHead(200, { 'content-length': '1000' });
      answer.write(LIST, () => answer.destroy());
    });
    await expect(fetched(`${url}/2026-11-20.txt`)).rejects.toThrow();
  });

  it('fails on a secret of another form, without saying what is in it', async () => {
    const url = await site((_request, answer) => void answer.end(LIST));
    const failing = fetched(`${url}/2026-11-20.txt`, { secret: '{"user":"org-1"}' });
    await expect(failing).rejects.toMatchObject({ code: 'BAD_SECRET' });
    await expect(failing).rejects.not.toThrow(/org-1/);
  });
});
