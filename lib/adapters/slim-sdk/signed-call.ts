import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';

/** What the SDK's clients are given by check-consent, and nothing else of it. */
export type SlimConfig = {
  readonly maxAttempts?: number;
  readonly requestHandler?: { readonly requestTimeout?: number; readonly connectionTimeout?: number };
};

export type Service = {
  /** In the names of environment variables. */
  readonly id: string;
  /** As it is signed for, and in the host's name. */
  readonly name: string;
  readonly contentType: string;
};

export type Answer = {
  readonly status: number;
  readonly body: Buffer;
  /** How often the call was made: an answer that was lost may have been to a call that was carried out. */
  readonly attempts: number;
};

const agents = {
  'http:': new HttpAgent({ keepAlive: true }),
  'https:': new HttpsAgent({ keepAlive: true }),
};

/** Calls one AWS service over connections that stay open, with the credentials and the region of Lambda's environment. */
export class SignedCalls {
  readonly #service: Service;
  readonly #config: SlimConfig;
  readonly #url: URL;
  readonly #signer: SignatureV4;

  constructor(service: Service, config: SlimConfig) {
    const { AWS_REGION: region = 'us-east-1', AWS_ENDPOINT_URL: shared } = process.env;
    // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    const endpoint = process.env[`AWS_ENDPOINT_URL_${service.id}`] ?? shared;
    this.#service = service;
    this.#config = config;
    this.#url = new URL(endpoint ?? `https://${service.name}.${region}.${domainOf(region)}/`);
    this.#signer = new SignatureV4({
      service: service.name,
      region,
      credentials: async () => credentialsOfEnvironment(),
      sha256: NodeSha256,
      // Only S3 wants the body's hash as a header.
      applyChecksum: false,
    });
  }

  /**
   * Makes a call, and makes it again where nothing came back or the service was at fault.
   *
   * @throws Error of the last attempt where no answer came, or of the abort signal.
   */
  async call(
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    const attempts = this.#config.maxAttempts ?? 3;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#once(body, headers, signal);
        if (!isPassing(answer) || attempt === attempts) return { ...answer, attempts: attempt };
      } catch (error) {
        if (attempt === attempts || signal?.aborted === true) throw error;
      }
    }
  }

  async #once(
    body: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Response> {
    const { protocol, hostname, port } = this.#url;
    const signed = await this.#signer.sign({
      method: 'POST',
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path: '/',
      query: {},
      headers: {
        host: this.#url.host,
        'content-type': this.#service.contentType,
        'content-length': String(Buffer.byteLength(body)),
        ...headers,
      },
      body,
    });
    return await send(this.#url, { headers: signed.headers, body, signal, config: this.#config });
  }
}

type Response = Omit<Answer, 'attempts'>;

type Sent = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
  readonly config: SlimConfig;
};

function send(url: URL, { headers, body, signal, config }: Sent): Promise<Response> {
  const isSecure = url.protocol === 'https:';
  const options = {
    method: 'POST',
    headers,
    agent: isSecure ? agents['https:'] : agents['http:'],
    ...(signal === undefined ? {} : { signal }),
  };
  return new Promise((resolve, reject) => {
    const sent = (isSecure ? httpsRequest : httpRequest)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    // Connecting counts into it: a check has no time for either to be slow.
    const { requestTimeout = 5000 } = config.requestHandler ?? {};
    sent.setTimeout(requestTimeout, () => sent.destroy(timeout()));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Named as the SDK names it, since the name is what a log says. */
function timeout(): Error {
  return Object.assign(new Error('no answer in time'), { name: 'TimeoutError' });
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html: 5xx, and 400 by throttling. */
function isPassing({ status, body }: Response): boolean {
  if (status >= 500) return true;
  return status >= 400 && /ThrottlingException|ThroughputExceeded|RequestLimitExceeded/.test(body.toString());
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function credentialsOfEnvironment() {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new Error('expected credentials in the environment, got none');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
}

function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** What the signer hashes with: node:crypto instead of a pure JavaScript one. */
class NodeSha256 {
  #hash: Hash | Hmac;
  readonly #secret: Uint8Array | undefined;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret === undefined ? undefined : bytesOf(secret);
    this.#hash = this.#fresh();
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#fresh();
  }

  #fresh(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
