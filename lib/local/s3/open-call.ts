import type { IncomingMessage } from 'node:http';
import { type RequestTarget, splitTarget } from '../request-target.ts';
import { type ChunkSeed, type Credentials, isPresigned, type SigV4Refusal, verifySigV4 } from '../sigv4.ts';
import type { Call, S3Context } from './call.ts';
import { S3Error, type S3ErrorCode } from './errors.ts';

// "The name for a key is a sequence of Unicode characters whose UTF-8 encoding is at most 1,024 bytes long" (User Guide,
// Naming Amazon S3 objects)
const MAX_KEY_BYTES = 1024;

const REFUSALS: Readonly<Record<SigV4Refusal, S3ErrorCode>> = {
  MissingAuthenticationToken: 'AccessDenied',
  InvalidAccessKeyId: 'InvalidAccessKeyId',
  SignatureDoesNotMatch: 'SignatureDoesNotMatch',
  RequestTimeTooSkewed: 'RequestTimeTooSkewed',
  RequestExpired: 'AccessDenied',
  IncompleteSignature: 'AuthorizationHeaderMalformed',
  AccessDenied: 'AccessDenied',
};

/** Verifies a request's signature and reads what it names. Throws S3Error where it is not to be answered. */
export function openCall(context: S3Context, credentials: Credentials, request: IncomingMessage): Call {
  const target = readTarget(request);
  const query = new Map(target.query);
  const header = headerReader(request, query);
  const payloadSha256 =
    header('x-amz-content-sha256') ?? (isPresigned(target) ? 'UNSIGNED-PAYLOAD' : undefined);
  if (payloadSha256 === undefined) {
    if (request.headers.authorization === undefined) throw new S3Error('AccessDenied', 'Access Denied');
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  requireKnownPayloadForm(payloadSha256);
  const seed = verify(context, credentials, { request, payloadSha256 });
  return { ...context, ...readName(target.path), request, query, header, payloadSha256, seed };
}

function verify(
  context: S3Context,
  credentials: Credentials,
  signed: { request: IncomingMessage; payloadSha256: string },
): ChunkSeed {
  const { request, payloadSha256 } = signed;
  const verdict = verifySigV4({
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headersDistinct,
    payloadSha256,
    credentials,
    now: context.now(),
  });
  if (!verdict.ok) throw new S3Error(REFUSALS[verdict.code], verdict.message);
  if (verdict.service !== 's3' || verdict.region !== context.region) {
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      `The credential scope is wrong; expecting the service 's3' and the region '${context.region}'.`,
    );
  }
  return verdict.seed;
}

// Anything else could name a form whose chunks or trailers would then not be verified.
function requireKnownPayloadForm(payloadSha256: string): void {
  const known =
    /^([0-9a-f]{64}|UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|STREAMING-AWS4-HMAC-SHA256-PAYLOAD(-TRAILER)?)$/;
  if (known.test(payloadSha256)) return;
  throw new S3Error(
    'InvalidArgument',
    'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING form, or a valid sha256 value.',
  );
}

function readTarget(request: IncomingMessage): RequestTarget {
  try {
    const target = splitTarget(request.url ?? '/');
    return { ...target, path: decodeURIComponent(target.path) };
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function readName(path: string): { bucketName: string; key: string } {
  const slash = path.indexOf('/', 1);
  const bucketName = path.slice(1, slash === -1 ? undefined : slash);
  const key = slash === -1 ? '' : path.slice(slash + 1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError', 'Your key is too long');
  return { bucketName, key };
}

function headerReader(request: IncomingMessage, query: ReadonlyMap<string, string>): Call['header'] {
  const signedInQuery = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => {
    const value = request.headers[name];
    if (value !== undefined) return Array.isArray(value) ? value.join(',') : value;
    // a presigned URL carries x-amz-* headers as parameters
    return name.startsWith('x-amz-') ? signedInQuery.get(name) : undefined;
  };
}
