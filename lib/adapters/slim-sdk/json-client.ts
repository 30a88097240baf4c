import { type Service, SignedCalls, type SlimConfig } from './signed-call.ts';

/** A call of a service that speaks AWS JSON: the name of its action and its input as the SDK's command takes it. */
export class JsonCommand {
  readonly target: string;
  readonly input: unknown;

  constructor(target: string, input: unknown) {
    this.target = target;
    this.input = input;
  }
}

export type ErrorOf = (name: string, message: string, metadata: Metadata) => Error;

/** What the SDK tells with each error, as far as adapters read it. */
export type Metadata = { readonly httpStatusCode: number; readonly attempts: number };

/** https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export class JsonClient {
  readonly #calls: SignedCalls;
  readonly #errorOf: ErrorOf;

  constructor(service: Service, config: SlimConfig, errorOf: ErrorOf) {
    this.#calls = new SignedCalls(service, config);
    this.#errorOf = errorOf;
  }

  async send(
    { target, input }: JsonCommand,
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<unknown> {
    const body = JSON.stringify(input, withBase64);
    const answer = await this.#calls.call(body, { 'x-amz-target': target }, abortSignal);
    const output: unknown =
      answer.body.length === 0 ? {} : JSON.parse(answer.body.toString('utf8'), withBytes);
    if (answer.status < 300) return output;
    const { __type: type = 'UnknownError', message = '' } = Object(output);
    // The type is a Shape id: com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException.
    const metadata = { httpStatusCode: answer.status, attempts: answer.attempts };
    throw this.#errorOf(String(type).split('#').at(-1) ?? '', String(message), metadata);
  }
}

/** Binary attribute values travel as base64. A Buffer is JSON already when a replacer sees it, so the holder is asked. */
function withBase64(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const held = this[key];
  return held instanceof Uint8Array ? Buffer.from(held).toString('base64') : value;
}

/** A binary attribute value is the only text under the name B: an attribute of that name holds an object. */
function withBytes(key: string, value: unknown): unknown {
  return key === 'B' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}

/** An error as the SDK names it. */
export function namedError(name: string, message: string, metadata: Metadata): Error {
  return Object.assign(new Error(message), { name, $metadata: metadata });
}
