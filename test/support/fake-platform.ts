import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A call as it reached the fake. */
export type SeenCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** What was sent, byte for byte. */
  readonly sent: string;
  readonly headers: IncomingHttpHeaders;
  /** The bearer token, if one was sent. */
  readonly token: string | undefined;
};

export type FakeAnswer = {
  readonly status: number;
  /** A text is sent as it is. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A refusal with 400 that is no fault of the caller's. */
  readonly isFair?: boolean;
};

/** A route of the platform; a call that the real one would not understand is answered with 400 and noted in `violations`. */
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
  /**
   * NO_ANSWER: the connection is cut. `acted`: the call was carried out none the less. LATE: it was, and the answer comes
   * after `lateMs`.
   */
  readonly kind: 'NO_ANSWER' | 'STATUS' | 'LATE';
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  readonly acted?: boolean;
  readonly lateMs?: number;
};

export type FakeServer = {
  readonly url: string;
  /** Everything that the real platform would not have understood; a test ends with none. */
  readonly violations: readonly string[];
  readonly calls: readonly SeenCall[];
  fail(...faults: readonly Fault[]): void;
  revokeTokens(): void;
  /** The process ends, and its connections with it; what the platform knows is kept. */
  stop(): Promise<void>;
  /** It comes back under the same address. */
  start(): Promise<void>;
  close(): Promise<void>;
};

export type FakePlatformOptions = {
  readonly routes: readonly FakeRoute[];
  readonly refusal: (status: number) => FakeAnswer;
  /** Where tokens come from; without one no call bears a token. */
  readonly tokens?: {
    readonly path: string;
    /** The status to refuse a request for a token with; 200 for a good one. */
    readonly check: (request: IncomingMessage, sent: string) => number;
    readonly answer: () => { readonly token: string; readonly body: unknown };
  };
  /** Calls beyond so many in one second are refused with 429. */
  readonly callsPerSecond?: number;
  /** Whether a 429 says when to come back. */
  readonly saysRetryAfter?: boolean;
};

type State = {
  readonly options: FakePlatformOptions;
  readonly violations: string[];
  readonly calls: SeenCall[];
  readonly faults: Fault[];
  readonly tokens: Set<string>;
  second: { at: number; calls: number };
};

/** A platform that takes only what the real one takes: its paths, its token, its JSON. */
export async function startFakePlatform(options: FakePlatformOptions): Promise<FakeServer> {
  const state: State = {
    options,
    violations: [],
    calls: [],
    faults: [],
    tokens: new Set(),
    second: { at: 0, calls: 0 },
  };
  const server = createServer((request, response) => {
    handle(state, request).then(
      (answer) => reply(response, answer),
      () => response.destroy(),
    );
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  await listen(0);
  const { port } = addressOf(server.address());
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}`,
    violations: state.violations,
    calls: state.calls,
    fail: (...faults) => void state.faults.push(...faults),
    revokeTokens: () => state.tokens.clear(),
    stop,
    start: () => listen(port),
    close: stop,
  };
}

/** Rejects where the connection is to be cut. */
async function handle(state: State, request: IncomingMessage): Promise<FakeAnswer> {
  const { routes, tokens, refusal } = state.options;
  const url = new URL(request.url ?? '/', 'http://fake');
  const sent = await text(request);
  if (url.pathname === tokens?.path) return answerToken(state, request, sent);
  const call = seen(request, url, sent);
  state.calls.push(call);
  const route = routes.find(({ method, path }) => method === call.method && path.test(call.path));
  if (route?.signed === true && call.token !== undefined)
    state.violations.push(`a token came with a signed address: ${call.path}`);
  if (route?.signed !== true && !state.tokens.has(call.token ?? '')) return refusal(401);
  if (route === undefined) {
    state.violations.push(`no such call: ${call.method} ${call.path}`);
    return refusal(404);
  }
  return isTooOften(state) ? busy(state) : await carryOut(state, route, call);
}

async function carryOut(state: State, route: FakeRoute, call: SeenCall): Promise<FakeAnswer> {
  const fault = takeFault(state, call);
  const isLate = fault?.kind === 'LATE';
  if (fault !== undefined && fault.acted !== true && !isLate) return failed(state, fault);
  const answer = route.answer(call, route.path.exec(call.path)?.slice(1) ?? []);
  if (answer.status === 400 && answer.isFair !== true)
    state.violations.push(`not understood: ${call.method} ${call.path}`);
  if (isLate) await sleep(fault.lateMs ?? 0);
  return fault === undefined || isLate ? answer : failed(state, fault);
}

function seen(request: IncomingMessage, url: URL, sent: string): SeenCall {
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    body: sent === '' ? undefined : JSON.parse(sent),
    sent,
    headers: request.headers,
    token: request.headers.authorization?.replace('Bearer ', ''),
  };
}

function answerToken(state: State, request: IncomingMessage, sent: string): FakeAnswer {
  const { options, violations, tokens, faults } = state;
  const fault = faults.findIndex(({ path }) => path?.test(options.tokens?.path ?? ''));
  if (fault !== -1) return failed(state, faults.splice(fault, 1)[0] ?? CUT);
  const status = options.tokens?.check(request, sent) ?? 404;
  if (status === 400) violations.push('a token was asked for in another way');
  const given = options.tokens?.answer();
  if (status !== 200 || given === undefined) return options.refusal(status);
  tokens.add(given.token);
  return { status: 200, body: given.body };
}

function isTooOften({ options: { callsPerSecond = Number.POSITIVE_INFINITY }, second }: State): boolean {
  const at = Math.floor(Date.now() / 1000);
  if (second.at !== at) Object.assign(second, { at, calls: 0 });
  second.calls += 1;
  return second.calls > callsPerSecond;
}

function busy({ options }: State): FakeAnswer {
  const headers = options.saysRetryAfter === false ? {} : { 'retry-after': '1' };
  return { ...options.refusal(429), headers };
}

function takeFault(state: State, { method, path }: SeenCall): Fault | undefined {
  const index = state.faults.findIndex(
    (fault) => (fault.method ?? method) === method && (fault.path?.test(path) ?? true),
  );
  return index === -1 ? undefined : state.faults.splice(index, 1)[0];
}

const CUT: Fault = { kind: 'NO_ANSWER' };

function failed({ options }: State, { kind, status = 503, retryAfterSeconds }: Fault): FakeAnswer {
  if (kind === 'NO_ANSWER') throw new Error('cut');
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { ...options.refusal(status), headers };
}

function reply(response: ServerResponse, { status, body, headers = {} }: FakeAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/csv' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return address;
}
