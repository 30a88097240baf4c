import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { ComplianceError } from '../../domain/errors.ts';
import { parsedJson } from '../../domain/json.ts';
import type { ConsentCheck } from '../../domain/notice/ports.ts';
import { CheckVerdict } from '../../domain/notice/verdict.ts';
import type { Channel } from '../../domain/vocabulary.ts';

/** A recorded voice, and messages that no person writes one by one. */
const TECHNOLOGY: Readonly<Record<Channel, 'AUTOMATED' | 'PRERECORDED'>> = {
  VOICE: 'PRERECORDED',
  SMS: 'AUTOMATED',
  EMAIL: 'AUTOMATED',
};

/** The one way to decide, called as Genesys' data action calls it. */
export class LambdaConsentCheck implements ConsentCheck {
  readonly #client: LambdaClient;
  readonly #functionName: string;

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client;
    this.#functionName = functionName;
  }

  /** @throws ComplianceError CHECK_FAILED where no decision came: nothing is to be sent. */
  async check({ incidentId, recipientId, channel, address }: Parameters<ConsentCheck['check']>[0]) {
    const { Payload, FunctionError } = await this.#client.send(
      new InvokeCommand({
        FunctionName: this.#functionName,
        Payload: JSON.stringify({
          channel,
          purpose: 'BREACH_NOTICE',
          technology: TECHNOLOGY[channel],
          ...(channel === 'EMAIL'
            ? { email: address.email, defaultRegion: address.country }
            : { phoneNumber: address.phone }),
          campaignId: incidentId,
          contactId: recipientId,
          // The same question again is the same decision, and one entry.
          requestId: `notice:${incidentId}:${recipientId}:${channel}`,
        }),
      }),
    );
    const verdict = CheckVerdict.safeParse(parsedJson(Buffer.from(Payload ?? []).toString()));
    if (FunctionError === undefined && verdict.success) return verdict.data;
    throw new ComplianceError({
      code: 'CHECK_FAILED',
      message: `expected a decision, got ${FunctionError ?? 'an answer of another form'}; nothing was sent`,
    });
  }
}
