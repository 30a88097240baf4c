import { randomUUID } from 'node:crypto';
import { arnOf } from '../arn.ts';
import {
  type AwsAccount,
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
} from '../aws-service.ts';
import type { LambdaFunction } from './lambda-function.ts';

export type LambdaServiceOptions = {
  readonly account: AwsAccount;
  readonly find: (nameOrArn: string) => LambdaFunction | undefined;
  readonly invokeAsync: (nameOrArn: string, payload: string, requestId: string) => void;
};

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
// "6 MB each for request and response (synchronous); 1 MB (asynchronous)" (AWS Lambda Developer Guide, Lambda quotas)
const MAX_SYNC_BYTES = 6 * 1024 * 1024;
const MAX_ASYNC_BYTES = 1024 * 1024;

/** The REST action Invoke. Functions are declared, not created over the wire. */
export function createLambdaService(options: LambdaServiceOptions): AwsService {
  return {
    protocol: 'rest-json',
    async handle(request): Promise<AwsResponse> {
      const [path = '', query = ''] = request.url.split('?');
      const [, encoded] = INVOKE_PATH.exec(path) ?? [];
      if (encoded === undefined || request.method !== 'POST') {
        throw new AwsError(
          'UnknownOperationException',
          `The local AWS Lambda has no ${request.method} ${path}.`,
          { status: 404 },
        );
      }
      const name = decodeURIComponent(encoded);
      const qualifier = new URLSearchParams(query).get('Qualifier') ?? '$LATEST';
      const target = qualifier === '$LATEST' ? options.find(name) : undefined;
      if (target === undefined) throw notFound(options.account, name);
      return invoke(options, target, request);
    },
  };
}

async function invoke(
  options: LambdaServiceOptions,
  target: LambdaFunction,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { 'x-amz-invocation-type': header } = request.headers;
  const type = String(header ?? 'RequestResponse');
  const payload = payloadOf(request.body, type === 'Event' ? MAX_ASYNC_BYTES : MAX_SYNC_BYTES);
  switch (type) {
    case 'DryRun':
      return { status: 204 };
    case 'Event':
      options.invokeAsync(target.properties.FunctionName, payload, randomUUID());
      return { status: 202 };
    case 'RequestResponse': {
      const outcome = await target.invoke({ payload, wait: false });
      return {
        status: 200,
        headers: {
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...(outcome.failed ? { 'x-amz-function-error': 'Unhandled' } : {}),
        },
        body: outcome.payload,
      };
    }
    default:
      throw new AwsError(
        'InvalidParameterValueException',
        'InvocationType must be Event, RequestResponse or DryRun.',
      );
  }
}

function payloadOf(body: Buffer, maxBytes: number): string {
  if (body.length > maxBytes) {
    throw new AwsError('RequestTooLargeException', `Request must be smaller than ${maxBytes} bytes.`, {
      status: 413,
    });
  }
  const text = body.length === 0 ? '{}' : body.toString('utf8');
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json.');
  }
}

function notFound(account: AwsAccount, name: string): AwsError {
  const arn = name.startsWith('arn:') ? name : arnOf(account, 'lambda', `function:${name}`);
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, { status: 404 });
}
