import * as z from 'zod';
import { parsedJson } from '../../domain/json.ts';

/** The parts of an HTTP API event, payload format 2.0, that Dialguard reads. */
const ApiEvent = z.object({
  routeKey: z.string(),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().optional(),
  pathParameters: z.record(z.string(), z.string()).nullish(),
  requestContext: z.object({
    http: z.object({ method: z.string(), path: z.string() }),
    authorizer: z.object({
      jwt: z.object({
        claims: z.record(z.string(), z.unknown()),
        scopes: z.array(z.string()).nullish(),
      }),
    }),
  }),
});

export type ApiRequest = {
  /** `POST /v1/checks` */
  readonly route: string;
  /** The parsed JSON body; undefined if it is no JSON. */
  readonly body: unknown;
  /** The OAuth client that the token was issued to. */
  readonly client: string;
  readonly scopes: ReadonlySet<string>;
  /** What stands for `{name}` in the route's path. */
  readonly pathParameters: Readonly<Record<string, string>>;
};

export type ApiResponse = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Whether a Lambda event comes from the HTTP API; if not, it is a direct invocation. */
export function isApiEvent(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'requestContext' in event;
}

/**
 * Reads an HTTP API event. Who is calling comes from the verified token alone, never from the body.
 *
 * @throws ZodError if API Gateway sends another form.
 */
export function readApiRequest(event: unknown): ApiRequest {
  const {
    routeKey,
    body = '',
    isBase64Encoded = false,
    pathParameters,
    requestContext,
  } = ApiEvent.parse(event);
  const { claims } = requestContext.authorizer.jwt;
  const client = z
    .string()
    .catch('unknown')
    .parse(claims['client_id'] ?? claims['azp'] ?? claims['sub']);
  const scope = z.string().catch('').parse(claims['scope']);
  return {
    route: routeKey,
    body: parsedJson(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body),
    client,
    scopes: new Set(scope.split(' ').filter((name) => name !== '')),
    pathParameters: pathParameters ?? {},
  };
}

/** A JSON answer. */
export function respond(statusCode: number, body: object): ApiResponse {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** 400 with the paths and the expectations that were not met: never with what was sent. */
export function respondInvalid(error: z.ZodError): ApiResponse {
  const issues = error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return respond(400, { code: 'INVALID_REQUEST', issues });
}
