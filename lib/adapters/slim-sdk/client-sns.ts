import { namedError } from './json-client.ts';
import { SignedCalls, type SlimConfig } from './signed-call.ts';

type PublishInput = {
  readonly TopicArn: string;
  readonly Subject: string;
  readonly Message: string;
  readonly MessageAttributes: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue: string }>
  >;
};

/** In the place of the SDK's client of the same name, for the one command below. */
export class SNSClient {
  readonly #calls: SignedCalls;

  constructor(config: SlimConfig = {}) {
    this.#calls = new SignedCalls(
      { id: 'SNS', name: 'sns', contentType: 'application/x-www-form-urlencoded' },
      config,
    );
  }

  async send(
    { input }: PublishCommand,
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<unknown> {
    const { status, body, attempts } = await this.#calls.call(queryOf(input), {}, abortSignal);
    if (status < 300) return {};
    const [, name = 'UnknownError'] = /<Code>([^<]*)<\/Code>/.exec(body.toString('utf8')) ?? [];
    throw namedError(name, 'SNS refused the message', { httpStatusCode: status, attempts });
  }
}

export class PublishCommand {
  readonly input: PublishInput;

  constructor(input: PublishInput) {
    this.input = input;
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function queryOf({ TopicArn, Subject, Message, MessageAttributes }: PublishInput): string {
  const query = new URLSearchParams({ Action: 'Publish', Version: '2010-03-31', TopicArn, Subject, Message });
  for (const [index, [name, { DataType, StringValue }]] of Object.entries(MessageAttributes).entries()) {
    const entry = `MessageAttributes.entry.${index + 1}`;
    query.set(`${entry}.Name`, name);
    query.set(`${entry}.Value.DataType`, DataType);
    query.set(`${entry}.Value.StringValue`, StringValue);
  }
  return query.toString();
}
