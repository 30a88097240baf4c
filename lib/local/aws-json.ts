import type * as z from 'zod';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from './aws-service.ts';

export type JsonAction = (input: unknown, request: AwsRequest) => Promise<object> | object;

type JsonServiceOptions = {
  /** What stands before the dot of x-amz-target, such as AmazonSQS. */
  readonly target: string;
  readonly version: '1.0' | '1.1';
  readonly actions: Readonly<Record<string, JsonAction>>;
};

/** A service of the AWS JSON protocol. An action that is not listed is refused, never answered. */
export function createJsonService(options: JsonServiceOptions): AwsService {
  const contentType = `application/x-amz-json-${options.version}`;
  return {
    protocol: 'json',
    async handle(request): Promise<AwsResponse> {
      const { 'x-amz-target': header } = request.headers;
      const [target, name = ''] = String(header ?? '').split('.');
      const run =
        target === options.target && Object.hasOwn(options.actions, name) ? options.actions[name] : undefined;
      if (run === undefined) {
        throw new AwsError('UnknownOperationException', `The local AWS does not have ${target}.${name}.`);
      }
      const answer = await run(parseBody(request.body), request);
      return { status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(answer) };
    },
  };
}

/** An action with its input checked; what does not fit is refused as `code`, naming fields but never values. */
export function jsonAction<Schema extends z.ZodType>(options: {
  readonly input: Schema;
  readonly run: (input: z.output<Schema>, request: AwsRequest) => Promise<object> | object;
  readonly code?: string;
}): JsonAction {
  return (input, request) => {
    const parsed = options.input.safeParse(input);
    if (!parsed.success) {
      throw new AwsError(options.code ?? 'ValidationException', describeIssues(parsed.error));
    }
    return options.run(parsed.data, request);
  };
}

/** Path and complaint of each issue, without the offending value. */
function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'request'}: ${issue.message}`).join('; ');
}

function parseBody(body: Buffer): unknown {
  try {
    return body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
}
