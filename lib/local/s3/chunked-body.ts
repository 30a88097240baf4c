import { createHash } from 'node:crypto';
import { type ChunkSeed, equalSignatures, hmacSha256, sha256Hex } from '../sigv4.ts';
import { S3Error } from './errors.ts';

const EMPTY_SHA256 = sha256Hex('');
const MAX_LINE_BYTES = 16_384;
const CRLF = Buffer.from('\r\n');

export type ChunkedBody = {
  /** Given where each chunk is signed; absent for STREAMING-UNSIGNED-PAYLOAD-TRAILER. */
  readonly seed: ChunkSeed | undefined;
  /** Given where trailers follow the last chunk; told their names in lower case. */
  readonly onTrailer: ((name: string, value: string) => void) | undefined;
};

/**
 * Takes an aws-chunked body apart and yields its content, verifying each chunk's signature where there are any. What
 * is yielded is proved only when the generator has ended. Source: Amazon S3 API Reference, "Signature Calculations
 * for the Authorization Header: Transferring Payload in Multiple Chunks", and the same "Including Trailing Headers".
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  body: ChunkedBody,
): AsyncGenerator<Buffer> {
  const reader = new ByteReader(source);
  let previous = body.seed?.signature ?? '';
  for (;;) {
    const { size, signature } = parseChunkHeader(await reader.line());
    const hash = createHash('sha256');
    for await (const piece of reader.take(size)) {
      if (body.seed) hash.update(piece);
      yield piece;
    }
    if (body.seed) previous = verifyChunk(body.seed, { previous, signature, sha256: hash.digest('hex') });
    if (size === 0) break;
    await reader.expectLineEnd();
  }
  if (body.onTrailer) await readTrailers(reader, { ...body, previous });
  await reader.drain();
}

async function readTrailers(reader: ByteReader, body: ChunkedBody & { previous: string }): Promise<void> {
  let signature: string | undefined;
  let canonical = '';
  for (;;) {
    const line = (await reader.line()).trim();
    if (line === '') break;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') {
      signature = value;
      break;
    }
    canonical += `${name}:${value}\n`;
    body.onTrailer?.(name, value);
  }
  if (body.seed)
    verifyTrailers(body.seed, { previous: body.previous, signature, sha256: sha256Hex(canonical) });
}

type Link = { readonly previous: string; readonly signature: string | undefined; readonly sha256: string };

function verifyChunk(seed: ChunkSeed, link: Link): string {
  const toSign = [
    'AWS4-HMAC-SHA256-PAYLOAD',
    seed.amzDate,
    seed.scope,
    link.previous,
    EMPTY_SHA256,
    link.sha256,
  ];
  return verifyLink(seed, { toSign, given: link.signature });
}

function verifyTrailers(seed: ChunkSeed, link: Link): void {
  const toSign = ['AWS4-HMAC-SHA256-TRAILER', seed.amzDate, seed.scope, link.previous, link.sha256];
  verifyLink(seed, { toSign, given: link.signature });
}

function verifyLink(seed: ChunkSeed, link: { toSign: readonly string[]; given: string | undefined }): string {
  const expected = hmacSha256(seed.signingKey, link.toSign.join('\n')).toString('hex');
  if (link.given === undefined || !equalSignatures(expected, link.given)) {
    throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match its content.');
  }
  return expected;
}

function parseChunkHeader(line: string): { size: number; signature: string | undefined } {
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (!match) throw new S3Error('IncompleteBody', 'The aws-chunked body holds a malformed chunk header.');
  return { size: Number.parseInt(match[1] ?? '', 16), signature: match[2] };
}

class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #pending: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    let end = this.#pending.indexOf(CRLF);
    while (end === -1) {
      if (this.#pending.length > MAX_LINE_BYTES || !(await this.#more())) throw incomplete();
      end = this.#pending.indexOf(CRLF);
    }
    const line = this.#pending.subarray(0, end).toString('latin1');
    this.#pending = this.#pending.subarray(end + CRLF.length);
    return line;
  }

  async *take(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.#pending.length === 0 && !(await this.#more())) throw incomplete();
      const piece = this.#pending.subarray(0, left);
      this.#pending = this.#pending.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  async expectLineEnd(): Promise<void> {
    if ((await this.line()) !== '') throw incomplete();
  }

  /** Reads what is left, which may be the empty line that closes the body and nothing else. */
  async drain(): Promise<void> {
    while (this.#pending.length <= CRLF.length && (await this.#more()));
    if (this.#pending.toString('latin1').trim() !== '') throw incomplete();
  }

  async #more(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done) return false;
    this.#pending = this.#pending.length === 0 ? next.value : Buffer.concat([this.#pending, next.value]);
    return true;
  }
}

function incomplete(): S3Error {
  return new S3Error(
    'IncompleteBody',
    'The request body ended or broke off where the aws-chunked format has more.',
  );
}
