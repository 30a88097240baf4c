import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type FakeAnswer, type FakeRoute, type FakeServer, startFakePlatform } from '../fake-platform.ts';

export type { FakeAnswer, FakeRoute, FakeServer, Fault, SeenCall } from '../fake-platform.ts';

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
export function refusal(status: number, message = 'refused', code = CODES[status] ?? 'error'): FakeAnswer {
  const body = { message, code, status, contextId: randomUUID(), details: [], errors: [] };
  return { status, body };
}

/** A Genesys Cloud organization that takes only what the real one takes: its paths, its token, its JSON. */
export function startFakeServer(
  routes: readonly FakeRoute[],
  { callsPerSecond }: { readonly callsPerSecond?: number } = {},
): Promise<FakeServer> {
  return startFakePlatform({
    routes,
    refusal,
    tokens: { path: '/oauth/token', check, answer: newToken },
    ...(callsPerSecond === undefined ? {} : { callsPerSecond }),
  });
}

function check(request: IncomingMessage, sent: string): number {
  const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
  const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
  if (request.method !== 'POST' || !isForm || sent !== 'grant_type=client_credentials') return 400;
  return request.headers.authorization === `Basic ${basic}` ? 200 : 401;
}

function newToken() {
  const token = randomUUID();
  return { token, body: { access_token: token, token_type: 'bearer', expires_in: 86_399 } };
}
