import { Sha256 } from '@aws-sdk/checksums/sha';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';
import { type RequestHeaders, sha256Hex, verifySigV4 } from '../../../lib/local/sigv4.ts';

// The AWS Signature Version 4 test suite (aws-sig-v4-test-suite, as published in the AWS General Reference and shipped
// with aws-c-auth): one key, one time, the service named "service".
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
const signedAt = Date.UTC(2015, 7, 30, 12, 36, 0);
const host = 'example.amazonaws.com';

type Vector = {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: RequestHeaders;
  readonly body?: string;
  readonly signedHeaders: string;
  readonly signature: string;
};

const vectors: readonly Vector[] = [
  {
    name: 'get-vanilla',
    method: 'GET',
    url: '/',
    signedHeaders: 'host;x-amz-date',
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-unreserved',
    method: 'GET',
    url: '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
    signedHeaders: 'host;x-amz-date',
    signature: '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  },
  {
    name: 'get-slashes',
    method: 'GET',
    url: '//example//',
    signedHeaders: 'host;x-amz-date',
    signature: '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84',
  },
  {
    name: 'get-relative',
    method: 'GET',
    url: '/example/..',
    signedHeaders: 'host;x-amz-date',
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  {
    name: 'get-vanilla-query-order-key-case',
    method: 'GET',
    url: '/?Param2=value2&Param1=value1',
    signedHeaders: 'host;x-amz-date',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  {
    name: 'get-vanilla-query-order-value',
    method: 'GET',
    url: '/?Param1=value2&Param1=value1',
    signedHeaders: 'host;x-amz-date',
    signature: '5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694',
  },
  {
    name: 'get-vanilla-utf8-query',
    method: 'GET',
    url: '/?\u1234=bar',
    signedHeaders: 'host;x-amz-date',
    signature: '2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04',
  },
  {
    name: 'get-header-value-order',
    method: 'GET',
    url: '/',
    headers: { 'my-header1': ['value4', 'value1', 'value3', 'value2'] },
    signedHeaders: 'host;my-header1;x-amz-date',
    signature: '08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01',
  },
  {
    name: 'get-header-key-duplicate',
    method: 'GET',
    url: '/',
    headers: { 'my-header1': ['value2', 'value2', 'value1'] },
    signedHeaders: 'host;my-header1;x-amz-date',
    signature: 'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
  },
  {
    name: 'get-header-value-trim',
    method: 'GET',
    url: '/',
    headers: { 'my-header1': ' value1', 'my-header2': '"a   b   c"' },
    signedHeaders: 'host;my-header1;my-header2;x-amz-date',
    signature: 'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
  },
  {
    name: 'post-x-www-form-urlencoded',
    method: 'POST',
    url: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Param1=value1',
    signedHeaders: 'content-type;host;x-amz-date',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
  {
    name: 'post-sts-header-before',
    method: 'POST',
    url: '/',
    headers: {
      'x-amz-security-token':
        'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==',
    },
    signedHeaders: 'host;x-amz-date;x-amz-security-token',
    signature: '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  },
];

type Change = {
  readonly url?: string;
  readonly headers?: RequestHeaders;
  readonly body?: string;
  readonly now?: number;
};

function verifyVector(vector: Vector, change: Change = {}) {
  const authorization = [
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request',
    `SignedHeaders=${vector.signedHeaders}`,
    `Signature=${vector.signature}`,
  ].join(', ');
  return verifySigV4({
    method: vector.method,
    url: change.url ?? vector.url,
    headers: { host, 'x-amz-date': '20150830T123600Z', authorization, ...vector.headers, ...change.headers },
    payloadSha256: sha256Hex(change.body ?? vector.body ?? ''),
    credentials,
    now: change.now ?? signedAt,
  });
}

const [vanilla] = vectors;
if (vanilla === undefined) throw new Error('the table of vectors is empty');

describe('the published test suite', () => {
  test.each(vectors)('$name is accepted', (vector) => {
    expect(verifyVector(vector)).toMatchObject({ ok: true, service: 'service', region: 'us-east-1' });
  });

  test.each(vectors)('$name with another body is refused', (vector) => {
    expect(verifyVector(vector, { body: 'another' })).toMatchObject({
      ok: false,
      code: 'SignatureDoesNotMatch',
    });
  });
});

describe('a header signature', () => {
  test.each([
    ['another path', { url: '/other' }, 'SignatureDoesNotMatch'],
    ['another query', { url: '/?a=b' }, 'SignatureDoesNotMatch'],
    ['another host', { headers: { host: 'example.com' } }, 'SignatureDoesNotMatch'],
    ['an x-amz header that is not signed', { headers: { 'x-amz-acl': 'public-read' } }, 'AccessDenied'],
    ['no signature', { headers: { authorization: undefined } }, 'MissingAuthenticationToken'],
    ['another scheme', { headers: { authorization: 'Basic YTpi' } }, 'IncompleteSignature'],
    ['no date', { headers: { 'x-amz-date': undefined } }, 'IncompleteSignature'],
    ['a date of another day', { headers: { 'x-amz-date': '20150831T000000Z' } }, 'IncompleteSignature'],
    ['a malformed escape', { url: '/?a=%zz' }, 'IncompleteSignature'],
    ['15 minutes and 1 ms late', { now: signedAt + 900_001 }, 'RequestTimeTooSkewed'],
    ['15 minutes and 1 ms early', { now: signedAt - 900_001 }, 'RequestTimeTooSkewed'],
  ] as const)('with %s is refused', (_name, change, code) => {
    expect(verifyVector(vanilla, change)).toMatchObject({ ok: false, code });
  });

  test.each([signedAt + 900_000, signedAt - 900_000])('is accepted 15 minutes off', (now) => {
    expect(verifyVector(vanilla, { now }).ok).toBe(true);
  });

  test('of an unknown key is refused', () => {
    const verdict = verifySigV4({
      method: 'GET',
      url: '/',
      headers: {
        host,
        'x-amz-date': '20150830T123600Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIDOTHER/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=00',
      },
      payloadSha256: sha256Hex(''),
      credentials,
      now: signedAt,
    });
    expect(verdict).toMatchObject({ ok: false, code: 'InvalidAccessKeyId' });
  });

  // Amazon S3 API Reference, "Authenticating Requests: Using the Authorization Header", example GET Object
  test('of the S3 documentation is accepted', () => {
    const verdict = verifySigV4({
      method: 'GET',
      url: '/test.txt',
      headers: {
        host: 'examplebucket.s3.amazonaws.com',
        range: 'bytes=0-9',
        'x-amz-content-sha256': sha256Hex(''),
        'x-amz-date': '20130524T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      },
      payloadSha256: sha256Hex(''),
      credentials: {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
      now: Date.UTC(2013, 4, 24),
    });
    expect(verdict).toMatchObject({ ok: true, service: 's3' });
  });
});

describe('a presigned URL', () => {
  // Amazon S3 API Reference, "Authenticating Requests: Using Query Parameters"
  const url =
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
    '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';
  const day = 86_400_000;

  test.each([
    ['at once', 0, {}, 'ok'],
    ['a millisecond before it expires', day - 1, {}, 'ok'],
    ['when it expires', day, {}, 'RequestExpired'],
    ['before it was signed, by more than the skew', -900_001, {}, 'RequestTimeTooSkewed'],
    ['with a header that was not signed', 0, { 'x-amz-acl': 'public-read' }, 'AccessDenied'],
  ] as const)('%s', (_name, offset, headers, expected) => {
    const verdict = verifySigV4({
      method: 'GET',
      url,
      headers: { host: 'examplebucket.s3.amazonaws.com', ...headers },
      payloadSha256: 'UNSIGNED-PAYLOAD',
      credentials: {
        accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      },
      now: Date.UTC(2013, 4, 24) + offset,
    });
    expect(verdict.ok ? 'ok' : verdict.code).toBe(expected);
  });

  test.each(['0', '604801', 'x', ''])('that would hold for %j seconds is refused', (seconds) => {
    const verdict = verifySigV4({
      method: 'GET',
      url: url.replace('X-Amz-Expires=86400', `X-Amz-Expires=${seconds}`),
      headers: { host: 'examplebucket.s3.amazonaws.com' },
      payloadSha256: 'UNSIGNED-PAYLOAD',
      credentials,
      now: Date.UTC(2013, 4, 24),
    });
    expect(verdict).toMatchObject({ ok: false, code: 'IncompleteSignature' });
  });
});

describe("the SDK's own signer", () => {
  test.each([
    [
      'a Lambda ARN in the path',
      '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Acheck/invocations',
    ],
    ['spaces and signs', "/a%20b/!'()*~"],
  ])('agrees on a path of another service: %s', async (_name, path) => {
    const signer = new SignatureV4({ credentials, region: 'us-east-1', service: 'lambda', sha256: Sha256 });
    const signed = await signer.sign(
      {
        method: 'POST',
        protocol: 'http:',
        hostname: '127.0.0.1',
        path,
        headers: { host: '127.0.0.1' },
        body: '{}',
      },
      { signingDate: new Date(signedAt) },
    );
    const verdict = verifySigV4({
      method: 'POST',
      url: path,
      headers: signed.headers,
      payloadSha256: sha256Hex('{}'),
      credentials,
      now: signedAt,
    });
    expect(verdict).toMatchObject({ ok: true, service: 'lambda' });
  });
});
