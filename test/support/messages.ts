import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { v7 as uuid } from 'uuid';
import { createReceiveMessage } from '../../lambdas/receive-message/receive-message.ts';
import { createResolveReview } from '../../lambdas/resolve-review/resolve-review.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { readDataKey } from '../../lib/adapters/dynamodb/data-key.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { createRecordFact, createRecordKnownFact } from '../../lib/adapters/record-fact.ts';
import { createReviewText } from '../../lib/adapters/review-text.ts';
import type { Confirmation, Confirmations } from '../../lib/domain/opt-out/confirmation.ts';
import type { Reviews } from '../../lib/domain/opt-out/review.ts';
import { TABLES } from './dynalite.ts';
import { NOON } from './facts.ts';
import { apiEvent, KEK } from './intake.ts';
import { PEPPER } from './numbers.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

export type MessageWorldOptions = {
  readonly confirmations?: Confirmations;
  /** What stands before the real queue. */
  readonly around?: (reviews: Reviews) => Reviews;
};

/** receive-message and resolve-review over the real adapters, at a clock that the test sets. */
export function createMessageWorld(client: DynamoDBClient, options: MessageWorldOptions = {}) {
  const clock = { now: NOON };
  const now = () => clock.now;
  const recorded = recordedTelemetry(now);
  const contactPoints = new DynamoContactPoints(client, TABLES.contactPoints);
  const stored = new DynamoReviews(client, TABLES.cases);
  const reviews = options.around?.(stored) ?? stored;
  const announced: Confirmation[] = [];
  const pepper = async () => PEPPER;
  const kek = async () => KEK;
  const reviewText = createReviewText({
    dataKeyOf: (token) => readDataKey(client, { table: TABLES.contactPoints, token }),
    kek,
  });
  const receive = createReceiveMessage({
    recordFact: createRecordFact({ contactPoints, pepper, kek, residency: 'US', now, newId: uuid }),
    pepper,
    reviews,
    reviewText,
    confirmations: options.confirmations ?? {
      due: async (confirmation) => void announced.push(confirmation),
    },
    telemetry: recorded.telemetry,
    now,
  });
  const resolve = createResolveReview({
    reviews,
    recordFact: createRecordKnownFact({ contactPoints, now, newId: uuid }),
    telemetry: recorded.telemetry,
    now,
  });
  return {
    ...recorded,
    clock,
    contactPoints,
    reviews: stored,
    reviewText,
    announced,
    /** Sends a message as an SMS gateway would; a field of `undefined` is left out. */
    send: async (fields: object) =>
      told(
        await receive(
          apiEvent('POST /v1/messages/inbound', {
            channel: 'SMS',
            from: '+17815550101',
            text: 'STOP',
            messageId: uuid(),
            ...fields,
          }),
        ),
      ),
    sendRaw: async (event: unknown) => told(await receive(event)),
    resolve: async (id: string, fields: object) =>
      told(
        await resolve({
          ...apiEvent('POST /v1/reviews/{id}', { by: 'officer-1', ...fields }),
          pathParameters: { id },
        }),
      ),
  };
}

function told({ statusCode, body }: { readonly statusCode: number; readonly body: string }): Told {
  return { ...JSON.parse(body), status: statusCode };
}

/** The HTTP status, and the body's fields. */
type Told = { readonly status: number; readonly [field: string]: unknown };
