import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ComplianceError } from '../../domain/errors.ts';
import type { Confirmation, Confirmations } from '../../domain/opt-out/confirmation.ts';

export const CONFIRMATION_EVENT = {
  source: 'dialguard',
  detailType: 'dialguard.opt-out.confirmation-due',
} as const;

/** Due confirmations as events on the account's default bus, where a rule takes them to the sender of text messages. */
export class EventBridgeConfirmations implements Confirmations {
  readonly #client: EventBridgeClient;

  /** @param client - it must not repeat a call (`maxAttempts: 1`): a second event would be a second text. */
  constructor(client: EventBridgeClient) {
    this.#client = client;
  }

  async due(confirmation: Confirmation): Promise<void> {
    const { Entries = [] } = await this.#client.send(
      new PutEventsCommand({
        Entries: [
          {
            Source: CONFIRMATION_EVENT.source,
            DetailType: CONFIRMATION_EVENT.detailType,
            Detail: JSON.stringify(confirmation),
          },
        ],
      }),
    );
    if (Entries.some(({ ErrorCode }) => ErrorCode !== undefined)) {
      throw new ComplianceError({
        code: 'EVENT_REFUSED',
        message: 'expected EventBridge to take the event, but it was refused; no confirmation will be sent',
      });
    }
  }
}
