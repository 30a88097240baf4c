import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter, DeadLetters } from '../../domain/opt-out/dead-letters.ts';

/** Dead letters in an SQS FIFO queue. */
export class SqsDeadLetters implements DeadLetters {
  readonly #client: SQSClient;
  readonly #queueUrl: string;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  async send({ id, body, cause, group = id }: DeadLetter): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: id,
        MessageAttributes: { cause: { DataType: 'String', StringValue: cause } },
      }),
    );
  }
}
