import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as z from 'zod';
import type { IdentityProvider } from './identity-provider.ts';
import { matchRoute, type PathParameters } from './match-route.ts';

export type Route = {
  /** `POST /v1/checks` */
  readonly routeKey: string;
  /** A token needs one of these. */
  readonly scopes: readonly string[];
  /** Client ids that the authorizer accepts; undefined where there is none and nobody needs a token. */
  readonly audience: readonly string[] | undefined;
  /** Invokes the function; rejects if the function fails. */
  readonly invoke: (event: object) => Promise<unknown>;
};

export type HttpApi = {
  readonly url: string;
  /** Says what the API serves; before that every request is answered 503. */
  serve(routes: readonly Route[], identityProvider: IdentityProvider): void;
  close(): Promise<void>;
};

/** Lambda's limit for a request to a proxy integration, 6 MB. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

const ProxyAnswer = z.object({
  statusCode: z.number().int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
});

type Served = { readonly routes: readonly Route[]; readonly identityProvider: IdentityProvider };
type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * An API Gateway HTTP API on 127.0.0.1: routes with a JWT authorizer and Lambda proxy integrations, payload format 2.0,
 * and the token endpoint of the user pool beside them. Throttling is left to AWS.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export async function listenHttpApi(port: number): Promise<HttpApi> {
  let served: Served | undefined;
  const server = createServer((request, response) => {
    answer(served, request)
      .catch((): Reply => message(500, 'Internal Server Error'))
      .then((reply) => send(response, reply));
  });
  const listening = await listen(server, port);
  return {
    url: `http://127.0.0.1:${listening}`,
    serve: (routes, identityProvider) => {
      served = { routes, identityProvider };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(served: Served | undefined, request: IncomingMessage): Promise<Reply> {
  if (served === undefined) return message(503, 'Service Unavailable');
  const { method = 'GET', url = '/' } = request;
  const path = url.split('?')[0] ?? '/';
  const body = await readBody(request);
  if (body === undefined) return message(413, 'Request Too Long');
  if (method === 'POST' && path === '/oauth2/token') {
    const { status, body: answered } = await served.identityProvider.token(
      request.headers.authorization,
      new URLSearchParams(body),
    );
    return json(status, answered);
  }
  const matched = matchRoute(served.routes, `${method} ${path}`);
  if (matched === undefined) return message(404, 'Not Found');
  const { route, pathParameters } = matched;
  const isOpen = route.audience === undefined;
  const claims = isOpen ? undefined : await claimsOf(served.identityProvider, request);
  if (!isOpen && route.audience?.includes(String(claims?.['client_id'])) !== true)
    return message(401, 'Unauthorized');
  const scopes = String(claims?.['scope'] ?? '').split(' ');
  if (route.scopes.length > 0 && !route.scopes.some((scope) => scopes.includes(scope)))
    return message(403, 'Forbidden');
  const given = await route.invoke(proxyEvent({ request, route, pathParameters, claims, body }));
  const proxied = ProxyAnswer.safeParse(given);
  if (!proxied.success) return message(500, 'Internal Server Error');
  return { status: proxied.data.statusCode, headers: proxied.data.headers, body: proxied.data.body };
}

async function claimsOf(
  identityProvider: IdentityProvider,
  request: IncomingMessage,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  // A token that does not verify is no token.
  return await identityProvider.verify(token).catch(() => undefined);
}

type Proxied = {
  readonly request: IncomingMessage;
  readonly route: Route;
  readonly pathParameters: PathParameters | undefined;
  /** Absent where nobody needs a token. */
  readonly claims: Readonly<Record<string, unknown>> | undefined;
  readonly body: string;
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function proxyEvent({ request, route, pathParameters, claims, body }: Proxied): object {
  const [path = '/', query = ''] = (request.url ?? '/').split('?');
  const now = Date.now();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : value,
    ]),
  );
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(pathParameters === undefined ? {} : { pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      ...(claims === undefined ? {} : { authorizer: { jwt: { claims: textsOf(claims), scopes: null } } }),
      domainName: request.headers.host ?? '',
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.routeKey,
      stage: '$default',
      time: new Date(now).toISOString(),
      timeEpoch: now,
    },
    body,
    isBase64Encoded: false,
  };
}

function textsOf(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]));
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The HTTP API has no port.'));
      else resolve(address.port);
    });
  });
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function json(status: number, body: object): Reply {
  return { status, body: JSON.stringify(body) };
}

function message(status: number, text: string): Reply {
  return json(status, { message: text });
}
