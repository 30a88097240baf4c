import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Call } from './call.ts';
import {
  type Checksum,
  ChecksumAlgorithm,
  checksumHeader,
  type Hasher,
  startChecksum,
  startHash,
} from './checksums.ts';
import { decodeChunks } from './chunked-body.ts';
import { S3Error } from './errors.ts';

const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

/** What has arrived, and was found to be what the request said it would be. */
export type Received = {
  readonly size: number;
  /** Hex MD5. */
  readonly md5: string;
  readonly checksum: Checksum | undefined;
};

type Digests = {
  readonly md5: Hasher;
  readonly sha256: Hasher | undefined;
  readonly checksum: Hasher | undefined;
};

/** Writes the request's body to a file as it arrives. Throws where its length, hash or checksum is not as announced. */
export async function receiveFile(call: Call, path: string): Promise<Received> {
  requireLength(call);
  const body = openBody(call);
  await pipeline(body.content, createWriteStream(path, { flush: true }));
  return body.verify();
}

/** Reads a request document of at most 2 MB, verified as `receiveFile` verifies. */
export async function receiveDocument(call: Call, options: { ownChecksum: boolean }): Promise<string> {
  const body = openBody(call, options);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of body.content) {
    size += piece.length;
    if (size > MAX_DOCUMENT_BYTES) throw new S3Error('MaxMessageLengthExceeded', 'Your request was too big.');
    pieces.push(piece);
  }
  await body.verify();
  return Buffer.concat(pieces).toString('utf8');
}

/** Copies what another source yields to a file, with the digests of a new object. */
export async function writeFileFrom(
  source: AsyncIterable<Buffer>,
  path: string,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<Received> {
  const digests = startDigests(algorithm);
  const counter = { size: 0 };
  await pipeline(measured(source, digests, counter), createWriteStream(path, { flush: true }));
  const value = (await digests.checksum?.digest())?.toString('base64');
  return {
    size: counter.size,
    md5: (await digests.md5.digest()).toString('hex'),
    checksum: algorithm && value ? { algorithm, value, type: 'FULL_OBJECT' } : undefined,
  };
}

/** True where the request proves its body by Content-MD5 or by a checksum, in a header or a trailer. */
export function hasIntegrityHeader(call: Call): boolean {
  return call.header('content-md5') !== undefined || announcedAlgorithm(call) !== undefined;
}

function openBody(call: Call, options = { ownChecksum: true }) {
  const trailers = new Map<string, string>();
  const algorithm = options.ownChecksum ? announcedAlgorithm(call) : undefined;
  const digests = startDigests(algorithm, call.payloadSha256);
  const counter = { size: 0 };
  const content = measured(decodedSource(call, trailers), digests, counter);
  const verify = async (): Promise<Received> => {
    verifyLength(call, counter.size);
    const md5 = await digests.md5.digest();
    verifyMd5(call, md5.toString('base64'));
    await verifyPayloadHash(call, digests.sha256);
    const checksum = await verifyChecksum(call, { algorithm, hasher: digests.checksum, trailers });
    return { size: counter.size, md5: md5.toString('hex'), checksum };
  };
  return { content, verify };
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
function decodedSource(call: Call, trailers: Map<string, string>): AsyncIterable<Buffer> {
  // A body that is refused half-way must leave the socket open for the answer that says why.
  const arriving: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => call.request.iterator({ destroyOnReturn: false }),
  };
  const onTrailer = (name: string, value: string): void => void trailers.set(name, value);
  switch (call.payloadSha256) {
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return decodeChunks(arriving, { seed: undefined, onTrailer });
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return decodeChunks(arriving, { seed: call.seed, onTrailer: undefined });
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return decodeChunks(arriving, { seed: call.seed, onTrailer });
    default:
      return arriving;
  }
}

async function* measured(source: AsyncIterable<Buffer>, digests: Digests, counter: { size: number }) {
  for await (const piece of source) {
    counter.size += piece.length;
    digests.md5.update(piece);
    digests.sha256?.update(piece);
    digests.checksum?.update(piece);
    yield piece;
  }
}

function startDigests(algorithm: ChecksumAlgorithm | undefined, payloadSha256 = ''): Digests {
  return {
    md5: startHash('md5'),
    sha256: isSha256(payloadSha256) ? startHash('sha256') : undefined,
    checksum: algorithm && startChecksum(algorithm),
  };
}

function isSha256(payloadSha256: string): boolean {
  return /^[0-9a-f]{64}$/.test(payloadSha256);
}

function announcedAlgorithm(call: Call): ChecksumAlgorithm | undefined {
  const trailer = call.header('x-amz-trailer')?.toLowerCase();
  const announced = ChecksumAlgorithm.options.filter((algorithm) => {
    const name = checksumHeader(algorithm);
    return call.header(name) !== undefined || trailer === name;
  });
  if (announced.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  if (announced.length === 0 && call.header('x-amz-sdk-checksum-algorithm') !== undefined) {
    throw new S3Error(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  return announced[0];
}

function requireLength(call: Call): void {
  if (call.header('content-length') ?? call.header('x-amz-decoded-content-length')) return;
  throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
}

function verifyLength(call: Call, size: number): void {
  const announced = call.header('x-amz-decoded-content-length');
  if (announced !== undefined && Number(announced) !== size) {
    throw new S3Error('IncompleteBody', 'The body is not as long as x-amz-decoded-content-length says.');
  }
}

function verifyMd5(call: Call, actual: string): void {
  const announced = call.header('content-md5');
  if (announced === undefined || announced === actual) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(announced)) {
    throw new S3Error('InvalidDigest', 'The Content-MD5 you specified is not valid.');
  }
  throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}

async function verifyPayloadHash(call: Call, sha256: Hasher | undefined): Promise<void> {
  if (sha256 === undefined) return;
  if ((await sha256.digest()).toString('hex') === call.payloadSha256) return;
  throw new S3Error(
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

type ChecksumClaim = {
  readonly algorithm: ChecksumAlgorithm | undefined;
  readonly hasher: Hasher | undefined;
  readonly trailers: ReadonlyMap<string, string>;
};

async function verifyChecksum(call: Call, claim: ChecksumClaim): Promise<Checksum | undefined> {
  const { algorithm, hasher, trailers } = claim;
  if (!algorithm || !hasher) return undefined;
  const name = checksumHeader(algorithm);
  const value = (await hasher.digest()).toString('base64');
  if ((call.header(name) ?? trailers.get(name)) !== value) {
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}
