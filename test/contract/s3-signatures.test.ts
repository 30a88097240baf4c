import { createHash, createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Sha256 } from '@aws-sdk/checksums/sha';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { credentials, refusal } from './local-s3.ts';
import { Bucket, get, hostS3, put, s3, text } from './s3-fixture.ts';

hostS3();

/** Amazon S3 API Reference, "Transferring Payload in Multiple Chunks": what other SDKs send over plain HTTP. */
describe('chunks that are signed one by one', () => {
  const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

  function signChunks(options: { tamper?: 'chunk' | 'trailer'; trailer: boolean }) {
    const amzDate = new Date(s3.now()).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const date = amzDate.slice(0, 8);
    const scope = `${date}/us-east-1/s3/aws4_request`;
    const key = ['us-east-1', 's3', 'aws4_request'].reduce<Buffer>(
      hmac,
      hmac(`AWS4${credentials.secretAccessKey}`, date),
    );
    const form = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${options.trailer ? '-TRAILER' : ''}`;
    const headers: Record<string, string> = {
      host: new URL(s3.endpoint()).host,
      'x-amz-content-sha256': form,
      'x-amz-date': amzDate,
      'x-amz-decoded-content-length': '10',
      ...(options.trailer && { 'x-amz-trailer': 'x-amz-checksum-sha256' }),
    };
    const signed = Object.keys(headers).sort();
    const lines = signed.map((name) => `${name}:${headers[name]}\n`).join('');
    const canonical = ['PUT', `/${Bucket}/chunked`, '', lines, signed.join(';'), form].join('\n');
    const sign = (...parts: string[]) => hmac(key, parts.join('\n')).toString('hex');
    let previous = sign('AWS4-HMAC-SHA256', amzDate, scope, sha256(canonical));
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${previous}`;
    let body = '';
    for (const chunk of ['01234', '56789', '']) {
      previous = sign('AWS4-HMAC-SHA256-PAYLOAD', amzDate, scope, previous, sha256(''), sha256(chunk));
      const sent = options.tamper === 'chunk' ? chunk.replace('5', '6') : chunk;
      body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${sent}${chunk === '' ? '' : '\r\n'}`;
    }
    if (options.trailer) {
      const line = `x-amz-checksum-sha256:${createHash('sha256').update('0123456789').digest('base64')}`;
      const signature = sign('AWS4-HMAC-SHA256-TRAILER', amzDate, scope, previous, sha256(`${line}\n`));
      const shown =
        options.tamper === 'trailer' ? signature.replace(/^./, (c) => (c === '0' ? '1' : '0')) : signature;
      body += `${line}\r\nx-amz-trailer-signature:${shown}\r\n\r\n`;
    } else body += '\r\n';
    return { headers: { ...headers, 'content-length': String(body.length) }, body };
  }

  const send = (signed: { headers: Record<string, string>; body: string }) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        `${s3.endpoint()}/${Bucket}/chunked`,
        { method: 'PUT', headers: signed.headers },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('error', reject).end(signed.body);
    });

  test.each([false, true])('are taken together, with trailers: %s', async (trailer) => {
    expect(await send(signChunks({ trailer }))).toBe(200);
    expect(await text('chunked')).toBe('0123456789');
  });

  test.each([
    { trailer: false, tamper: 'chunk' },
    { trailer: true, tamper: 'chunk' },
    { trailer: true, tamper: 'trailer' },
  ] as const)('are refused when changed on the way: %j', async (options) => {
    expect(await send(signChunks(options))).toBe(403);
    expect(await refusal(get('chunked'))).toBe('NoSuchKey 404');
  });

  test('that break off leave nothing', async () => {
    const { headers, body } = signChunks({ trailer: true });
    const sent = request(`${s3.endpoint()}/${Bucket}/chunked`, { method: 'PUT', headers });
    sent.on('error', () => undefined).write(body.slice(0, -40));
    await expect.poll(() => readdirSync(join(s3.folder, 'temporary')).length).toBe(1);
    sent.destroy();
    await expect.poll(() => readdirSync(join(s3.folder, 'temporary'))).toEqual([]);
    expect(await refusal(get('chunked'))).toBe('NoSuchKey 404');
  });
});

describe('signatures', () => {
  test.each([
    ['another secret', { ...credentials, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch 403'],
    ['another key', { ...credentials, accessKeyId: 'AKIDOTHER' }, 'InvalidAccessKeyId 403'],
  ])('of %s are refused', async (_name, wrong, expected) => {
    const stranger = s3.client({ credentials: wrong });
    expect(await refusal(stranger.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })))).toBe(
      expected,
    );
    expect(await refusal(get('a'))).toBe('NoSuchKey 404');
  });

  test('for another region are refused', async () => {
    const stranger = s3.client({ region: 'eu-central-1' });
    expect(await refusal(stranger.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toBe(
      'AuthorizationHeaderMalformed 400',
    );
  });

  test('in the query of a presigned URL hold until they expire', async () => {
    await put('a');
    const presign = async (method: string, expiresIn: number) => {
      const signer = new SignatureV4({
        credentials,
        region: 'us-east-1',
        service: 's3',
        sha256: Sha256,
        uriEscapePath: false,
      });
      const { host, hostname, port } = new URL(s3.endpoint());
      // as @aws-sdk/s3-request-presigner has it
      const headers = { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
      const unsigned = {
        method,
        protocol: 'http:',
        hostname,
        port: Number(port),
        path: `/${Bucket}/a`,
        headers,
      };
      const signed = await signer.presign(unsigned, { expiresIn, signingDate: new Date(s3.now()) });
      const query = Object.entries(signed.query ?? {}).map(
        ([name, value]) => `${name}=${encodeURIComponent(String(value))}`,
      );
      return `${s3.endpoint()}${signed.path}?${query.join('&')}`;
    };
    const url = await presign('GET', 60);
    expect(await (await fetch(url)).text()).toBe('body');
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(url.replace('/a?', '/b?'))).status).toBe(403);
    s3.advance(60_000);
    expect((await fetch(url)).status).toBe(403);
  });

  test('must be there', async () => {
    await put('a');
    expect((await fetch(`${s3.endpoint()}/${Bucket}/a`)).status).toBe(403);
    expect((await fetch(`${s3.endpoint()}/${Bucket}/a`, { method: 'DELETE' })).status).toBe(403);
    expect(await text('a')).toBe('body');
  });
});
