import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { CallOptions, LegalAlerts } from '../../domain/ports.ts';

/** Alerts to Legal over SNS. The message names the decision, never the person. */
export class SnsLegalAlerts implements LegalAlerts {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async attemptBlocked(
    alert: Parameters<LegalAlerts['attemptBlocked']>[0],
    options: CallOptions = {},
  ): Promise<void> {
    const message = { event: 'HELD_CONTACT_ATTEMPT_BLOCKED', ...alert };
    await this.#client.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: 'Dialguard: attempt against a litigation hold blocked',
        Message: JSON.stringify(message),
        MessageAttributes: { decisionId: { DataType: 'String', StringValue: alert.decisionId } },
      }),
      options,
    );
  }
}
