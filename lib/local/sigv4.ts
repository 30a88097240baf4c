import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalQuery, encodePath, type RequestTarget, splitTarget } from './request-target.ts';

/** One key pair, as the SDK clients of the local stack are given it. */
export type Credentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/** Header values by lower-case name: `request.headers`, or `request.headersDistinct`, which keeps duplicates apart. */
export type RequestHeaders = { readonly [name: string]: string | readonly string[] | undefined };

export type SigV4Refusal =
  | 'MissingAuthenticationToken'
  | 'InvalidAccessKeyId'
  | 'SignatureDoesNotMatch'
  | 'RequestTimeTooSkewed'
  | 'RequestExpired'
  | 'IncompleteSignature'
  | 'AccessDenied';

/** What a chunk signature chains on: the request's own signature, its scope and the key derived for that scope. */
export type ChunkSeed = {
  readonly signature: string;
  readonly scope: string;
  readonly amzDate: string;
  readonly signingKey: Buffer;
};

export type SigV4Verdict =
  | { ok: true; service: string; region: string; seed: ChunkSeed }
  | { ok: false; code: SigV4Refusal; message: string };

export type SigV4Request = {
  readonly method: string;
  /** Path and query exactly as they stood in the request line. */
  readonly url: string;
  readonly headers: RequestHeaders;
  /** Hex SHA-256 of the body; for S3 the value of x-amz-content-sha256, or UNSIGNED-PAYLOAD on a presigned URL. */
  readonly payloadSha256: string;
  readonly credentials: Credentials;
  /** Epoch milliseconds. */
  readonly now: number;
};

type Claim = {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly amzDate: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Seconds a presigned URL holds; absent where the signature came in the Authorization header. */
  readonly expiresSeconds?: number;
};

const ALGORITHM = 'AWS4-HMAC-SHA256';
// "the request must reach AWS within 15 minutes of the time stamp in the request" (IAM User Guide, Signature Version 4)
const MAX_SKEW_MS = 15 * 60_000;
// "maximum expiration is 604800 seconds (seven days)" (Amazon S3 API Reference, Authenticating requests: query parameters)
const MAX_EXPIRES_SECONDS = 604_800;

class Refusal extends Error {
  readonly code: SigV4Refusal;
  constructor(code: SigV4Refusal, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Verifies a Signature Version 4 request, signed in the Authorization header or in the query of a presigned URL.
 * It does not read the body: the caller compares the body with `payloadSha256`. Source: IAM User Guide, "Create a
 * signed AWS API request" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export function verifySigV4(request: SigV4Request): SigV4Verdict {
  try {
    return verify(request);
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, code: error.code, message: error.message };
    // decodeURIComponent's complaint about a malformed escape
    if (error instanceof URIError)
      return { ok: false, code: 'IncompleteSignature', message: 'The URL holds a malformed escape.' };
    throw error;
  }
}

/** Lower-case hex SHA-256 of a body. */
export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** HMAC-SHA-256, the only primitive of the signature and of its key. */
export function hmacSha256(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** Compares two hex signatures without telling by its time where they differ. */
export function equalSignatures(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** True where the request carries a signature in its query, not in a header. */
export function isPresigned(target: RequestTarget): boolean {
  return target.query.some(([name]) => name === 'X-Amz-Signature');
}

function verify(request: SigV4Request): SigV4Verdict {
  const target = splitTarget(request.url);
  const claim = readClaim(request, target);
  if (claim.accessKeyId !== request.credentials.accessKeyId) {
    throw new Refusal(
      'InvalidAccessKeyId',
      'The AWS access key Id you provided does not exist in our records.',
    );
  }
  checkTime(claim, request.now);
  checkSignedHeaders(claim, request.headers);
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const canonical = canonicalRequest(request, target, claim);
  const signingKey = deriveKey(request.credentials.secretAccessKey, claim);
  const toSign = [ALGORITHM, claim.amzDate, scope, sha256Hex(canonical)].join('\n');
  const signature = hmacSha256(signingKey, toSign).toString('hex');
  if (!equalSignatures(signature, claim.signature)) {
    throw new Refusal(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    );
  }
  const seed = { signature, scope, amzDate: claim.amzDate, signingKey };
  return { ok: true, service: claim.service, region: claim.region, seed };
}

function readClaim(request: SigV4Request, target: RequestTarget): Claim {
  const authorization = headerValue(request.headers, 'authorization');
  if (authorization !== undefined) return claimFromHeader(authorization, request.headers);
  if (isPresigned(target)) return claimFromQuery(target);
  throw new Refusal('MissingAuthenticationToken', 'The request is not signed.');
}

function claimFromHeader(authorization: string, headers: RequestHeaders): Claim {
  const [algorithm, ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) throw incomplete(`Authorization must begin with ${ALGORITHM}.`);
  const fields = new Map<string, string>();
  for (const part of rest.join('').split(',')) {
    const [name = '', value = ''] = part.split(/=(.*)/s);
    fields.set(name, value);
  }
  const amzDate = headerValue(headers, 'x-amz-date') ?? isoBasic(headerValue(headers, 'date'));
  return claimFrom({ get: (name) => fields.get(name), amzDate });
}

function claimFromQuery(target: RequestTarget): Claim {
  const fields = new Map(target.query.map(([name, value]) => [name, value] as const));
  if (fields.get('X-Amz-Algorithm') !== ALGORITHM) throw incomplete(`X-Amz-Algorithm must be ${ALGORITHM}.`);
  const expiresSeconds = Number(fields.get('X-Amz-Expires'));
  if (!Number.isInteger(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > MAX_EXPIRES_SECONDS) {
    throw incomplete(`X-Amz-Expires must be a whole number of seconds from 1 to ${MAX_EXPIRES_SECONDS}.`);
  }
  return {
    ...claimFrom({ get: (name) => fields.get(`X-Amz-${name}`), amzDate: fields.get('X-Amz-Date') }),
    expiresSeconds,
  };
}

function claimFrom(source: {
  get: (name: string) => string | undefined;
  amzDate: string | undefined;
}): Claim {
  const { get, amzDate } = source;
  const [accessKeyId, date, region, service, terminator, ...more] = (get('Credential') ?? '').split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || more.length > 0) {
    throw incomplete('Credential must read <key id>/<yyyymmdd>/<region>/<service>/aws4_request.');
  }
  const signature = get('Signature');
  const signedHeaders = get('SignedHeaders');
  if (!signature || !signedHeaders || !amzDate)
    throw incomplete('SignedHeaders, Signature and a date are required.');
  if (!amzDate.startsWith(date))
    throw incomplete('The date of the credential is not the date of the request.');
  return {
    accessKeyId,
    date,
    region,
    service,
    amzDate,
    signature,
    signedHeaders: signedHeaders.toLowerCase().split(';'),
  };
}

function checkTime(claim: Claim, now: number): void {
  const signedAt = parseIsoBasic(claim.amzDate);
  const early = signedAt - now > MAX_SKEW_MS;
  if (claim.expiresSeconds === undefined ? early || now - signedAt > MAX_SKEW_MS : early) {
    throw new Refusal(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  }
  if (claim.expiresSeconds !== undefined && now >= signedAt + claim.expiresSeconds * 1000) {
    throw new Refusal('RequestExpired', 'Request has expired.');
  }
}

// "the CanonicalHeaders list must include: HTTP host header ... Any x-amz-* headers that you plan to include in your request"
// (Amazon S3 API Reference, Authenticating requests: Authorization header)
function checkSignedHeaders(claim: Claim, headers: RequestHeaders): void {
  const signed = new Set(claim.signedHeaders);
  const required = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
  const unsigned = ['host', ...required].find((name) => !signed.has(name));
  if (unsigned !== undefined) {
    throw new Refusal(
      'AccessDenied',
      `There were headers present in the request which were not signed: ${unsigned}.`,
    );
  }
}

function canonicalRequest(request: SigV4Request, target: RequestTarget, claim: Claim): string {
  const headers = claim.signedHeaders.map((name) => {
    const value = request.headers[name];
    if (value === undefined) throw incomplete(`The signed header ${name} is not in the request.`);
    const values = typeof value === 'string' ? [value] : value;
    return `${name}:${values.map((one) => one.trim().replace(/\s+/g, ' ')).join(',')}\n`;
  });
  return [
    request.method,
    canonicalPath(target.path, claim.service),
    canonicalQuery(target.query.filter(([name]) => name !== 'X-Amz-Signature')),
    headers.join(''),
    claim.signedHeaders.join(';'),
    request.payloadSha256,
  ].join('\n');
}

// "URI encode every path segment twice, except for Amazon S3, where each segment is encoded only once"; "do not
// normalize URI paths for requests to Amazon S3" (IAM User Guide, Create a canonical request)
function canonicalPath(path: string, service: string): string {
  if (service === 's3') return encodePath(decodeURIComponent(path));
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  const slash = kept.length > 0 && /\/\.{0,2}$/.test(path) ? '/' : '';
  return encodePath(`/${kept.join('/')}${slash}`);
}

function deriveKey(secretAccessKey: string, claim: Claim): Buffer {
  const steps = [claim.date, claim.region, claim.service, 'aws4_request'];
  return steps.reduce<Buffer>((key, step) => hmacSha256(key, step), Buffer.from(`AWS4${secretAccessKey}`));
}

function headerValue(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' || value === undefined ? value : value.join(',');
}

function isoBasic(httpDate: string | undefined): string | undefined {
  const at = Date.parse(httpDate ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function parseIsoBasic(amzDate: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  const [, year, month, day, hour, minute, second] = match ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) throw incomplete('The date must be ISO 8601 basic, such as 20261122T000000Z.');
  return at;
}

function incomplete(message: string): Refusal {
  return new Refusal('IncompleteSignature', message);
}
