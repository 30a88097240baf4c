import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A call as it reached the fake. */
export type SeenCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** The bearer token, if one was sent. */
  readonly token: string | undefined;
};

export type FakeAnswer = {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A route of the platform API; `undefined` for a call that the real one would refuse, with the reason in `violations`. */
export type FakeRoute = {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (call: SeenCall, ids: readonly string[]) => FakeAnswer;
  /** An address that is signed in itself: a token that is sent there is told to strangers. */
  readonly signed?: boolean;
};

/** What goes wrong with the next calls that match, in the order given, each once. */
export type Fault = {
  readonly method?: string;
  readonly path?: RegExp;
  /** NO_ANSWER: the connection is cut. `acted`: the call was carried out none the less. */
  readonly kind: 'NO_ANSWER' | 'STATUS';
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly acted?: boolean;
};

export type FakeServer = {
  readonly url: string;
  /** Everything that the real platform would not have understood; a test ends with none. */
  readonly violations: readonly string[];
  readonly calls: readonly SeenCall[];
  fail(...faults: readonly Fault[]): void;
  revokeTokens(): void;
  close(): Promise<void>;
};

export const CLIENT = { clientId: 'dialguard-client', clientSecret: 'not-a-real-secret' };

const CODES: Readonly<Record<number, string>> = {
  400: 'bad.request',
  401: 'bad.credentials',
  403: 'missing.permissions',
  404: 'not.found',
  429: 'too.many.requests',
  500: 'internal.server.error',
  503: 'service.unavailable',
  504: 'request.timeout',
};

/** The error body of the platform API. */
export function refusal(status: number, message = 'refused'): FakeAnswer {
  const body = {
    message,
    code: CODES[status] ?? 'error',
    status,
    contextId: randomUUID(),
    details: [],
    errors: [],
  };
  return { status, body };
}

/** A platform that takes only what the real one takes: its paths, its token, its JSON. */
export async function startFakeServer(routes: readonly FakeRoute[]): Promise<FakeServer> {
  const state = {
    violations: [] as string[],
    calls: [] as SeenCall[],
    faults: [] as Fault[],
    tokens: new Set<string>(),
  };
  const server = createServer((request, response) => {
    handle(state, routes, request).then(
      (answer) => reply(response, answer),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    violations: state.violations,
    calls: state.calls,
    fail: (...faults) => void state.faults.push(...faults),
    revokeTokens: () => state.tokens.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type State = { violations: string[]; calls: SeenCall[]; faults: Fault[]; tokens: Set<string> };

/** Rejects where the connection is to be cut. */
async function handle(
  state: State,
  routes: readonly FakeRoute[],
  request: IncomingMessage,
): Promise<FakeAnswer> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const sent = await text(request);
  if (url.pathname === '/oauth/token') {
    const fault = state.faults.findIndex(({ path }) => path?.test(url.pathname));
    return fault === -1 ? tokenAnswer(state, request, sent) : failed(...state.faults.splice(fault, 1));
  }
  const call: SeenCall = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    body: sent === '' ? undefined : JSON.parse(sent),
    token: request.headers.authorization?.replace('Bearer ', ''),
  };
  state.calls.push(call);
  const route = routes.find(({ method, path }) => method === call.method && path.test(call.path));
  if (route?.signed === true && call.token !== undefined)
    state.violations.push(`a token came with a signed address: ${call.path}`);
  if (route?.signed !== true && !state.tokens.has(call.token ?? '')) return refusal(401);
  if (route === undefined) {
    state.violations.push(`no such call: ${call.method} ${call.path}`);
    return refusal(404);
  }
  const fault = takeFault(state, call);
  if (fault !== undefined && fault.acted !== true) return failed(fault);
  const answer = route.answer(call, route.path.exec(call.path)?.slice(1) ?? []);
  if (answer.status === 400) state.violations.push(`not understood: ${call.method} ${call.path}`);
  return fault === undefined ? answer : failed(fault);
}

function tokenAnswer(state: State, request: IncomingMessage, sent: string): FakeAnswer {
  const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
  const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
  if (request.method !== 'POST' || !isForm || sent !== 'grant_type=client_credentials') {
    state.violations.push('a token was asked for in another way');
    return refusal(400);
  }
  if (request.headers.authorization !== `Basic ${basic}`) return refusal(401);
  const token = randomUUID();
  state.tokens.add(token);
  return { status: 200, body: { access_token: token, token_type: 'bearer', expires_in: 86_399 } };
}

function takeFault(state: State, { method, path }: SeenCall): Fault | undefined {
  const index = state.faults.findIndex(
    (fault) => (fault.method ?? method) === method && (fault.path?.test(path) ?? true),
  );
  return index === -1 ? undefined : state.faults.splice(index, 1)[0];
}

function failed({ kind, status = 503, retryAfterSeconds }: Fault = { kind: 'NO_ANSWER' }): FakeAnswer {
  if (kind === 'NO_ANSWER') throw new Error('cut');
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { ...refusal(status), headers };
}

function reply(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address;
}
