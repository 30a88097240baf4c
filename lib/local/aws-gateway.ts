import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { errorResponse, internalError, refusal } from './aws-error-response.ts';
import { AwsError, type AwsProtocol, type AwsResponse, type AwsService } from './aws-service.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Credentials, sha256Hex, verifySigV4 } from './sigv4.ts';

/** Amazon S3 streams its bodies and signs them in its own way, so it verifies its requests itself. */
export type S3Handler = { handle(request: IncomingMessage, response: ServerResponse): Promise<void> };

export type AwsGateway = {
  /** Origin that AWS clients are pointed at, such as http://127.0.0.1:4566. */
  readonly endpoint: string;
  /** Puts a service behind its signing name (sqs, events, sns, secretsmanager, kms, lambda, sts, dynamodb). */
  route(signingName: string, service: AwsService): void;
  routeS3(handler: S3Handler): void;
  close(): Promise<void>;
};

export type AwsGatewayOptions = {
  readonly credentials: Credentials;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Told of faults of ours; receives no request data. */
  readonly onError?: (error: unknown) => void;
};

const LOOPBACK = '127.0.0.1';
// Above the largest body any routed service takes (Amazon DynamoDB: 16 MB per request).
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * One HTTP server on 127.0.0.1 for all AWS clients. The service is read from the scope that the request is signed for;
 * a request whose signature does not hold is refused with 403 before any service sees it.
 */
export async function createAwsGateway(options: AwsGatewayOptions): Promise<AwsGateway> {
  const services = new Map<string, AwsService>();
  let s3: S3Handler | undefined;
  const server = createServer((request, response) => {
    const signingName = signingNameOf(request);
    const work =
      s3 !== undefined && (signingName === 's3' || (signingName === undefined && !looksLikeApi(request)))
        ? s3.handle(request, response)
        : serve({ request, response, services, options });
    work.catch((error: unknown) => {
      options.onError?.(error);
      if (response.headersSent) response.destroy();
      else send(response, errorResponse('rest-json', internalError('rest-json'), randomUUID()));
    });
  });
  // Long polls may stay open longer than Node's default of 5 s between requests.
  server.keepAliveTimeout = 60_000;
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, LOOPBACK, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The gateway has no port.'));
      else resolve(address.port);
    });
  });
  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    route: (signingName, service) => void services.set(signingName, service),
    routeS3: (handler) => {
      s3 = handler;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly services: ReadonlyMap<string, AwsService>;
  readonly options: AwsGatewayOptions;
};

async function serve(exchange: Exchange): Promise<void> {
  const { request, response, services, options } = exchange;
  const requestId = randomUUID();
  response.setHeader('x-amzn-requestid', requestId);
  const protocol = services.get(signingNameOf(request) ?? '')?.protocol ?? guessProtocol(request);
  try {
    const body = await readBody(request);
    const service = authorize(exchange, body);
    const abort = new AbortController();
    response.once('close', () => abort.abort());
    const { method = 'GET', url = '/', headers } = request;
    send(response, await service.handle({ method, url, headers, body, signal: abort.signal }));
  } catch (error) {
    if (!(error instanceof AwsError)) options.onError?.(error);
    const known = error instanceof AwsError ? error : internalError(protocol);
    send(response, errorResponse(protocol, known, requestId));
  }
}

function authorize(exchange: Exchange, body: Buffer): AwsService {
  const { request, services, options } = exchange;
  const verdict = verifySigV4({
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    headers: request.headers,
    payloadSha256: sha256Hex(body),
    credentials: options.credentials,
    now: (options.clock ?? systemClock).now(),
  });
  if (!verdict.ok) {
    const protocol = services.get(signingNameOf(request) ?? '')?.protocol ?? guessProtocol(request);
    throw refusal(protocol, verdict.code, verdict.message);
  }
  const service = services.get(verdict.service);
  if (service !== undefined) return service;
  const message = `The local AWS has no service ${verdict.service}.`;
  throw new AwsError(
    guessProtocol(request) === 'query' ? 'InvalidAction' : 'UnknownOperationException',
    message,
  );
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY_BYTES) {
      throw new AwsError('RequestEntityTooLargeException', 'The body exceeds 16 MB.', { status: 413 });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, length);
}

function send(response: ServerResponse, answer: AwsResponse): void {
  if (response.destroyed) return;
  const body = answer.body ?? '';
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

// Only a hint until the signature has been verified: it chooses who verifies, and how a refusal is written.
function signingNameOf(request: IncomingMessage): string | undefined {
  const { authorization } = request.headers;
  const credential =
    /Credential=([^,\s]+)/.exec(authorization ?? '')?.[1] ??
    new URLSearchParams(request.url?.split('?')[1] ?? '').get('X-Amz-Credential') ??
    '';
  return credential.split('/')[3];
}

function looksLikeApi(request: IncomingMessage): boolean {
  return guessProtocol(request) !== 'rest-json' || (request.url ?? '').startsWith('/2015-03-31/');
}

function guessProtocol(request: IncomingMessage): AwsProtocol {
  const { 'x-amz-target': target, 'content-type': contentType } = request.headers;
  if (target !== undefined) return 'json';
  return contentType?.startsWith('application/x-www-form-urlencoded') ? 'query' : 'rest-json';
}
