import { randomUUID } from 'node:crypto';

const ORGANISATION = '00000000-0000-4000-8000-0000000000a0';
const OWN_CALLER_ID = '+13175550199';

export type WrapUp = { readonly dnis: string; readonly wrapupCode: string; readonly eventTime: number };

/** The EventBridge entry of an after-call-work event of an outbound voice call. */
export function acwEntry(busName: string, { dnis, wrapupCode, eventTime }: WrapUp) {
  const conversationId = randomUUID();
  return {
    EventBusName: busName,
    Source: `aws.partner/genesys.com/cloud/${ORGANISATION}/system-test`,
    DetailType: 'v2.detail.events.conversation.{id}.acw',
    Detail: JSON.stringify({
      topicName: `v2.detail.events.conversation.${conversationId}.acw`,
      version: '2',
      eventBody: {
        eventTime,
        conversationId,
        participantId: randomUUID(),
        sessionId: randomUUID(),
        mediaType: 'VOICE',
        provider: 'Edge',
        direction: 'OUTBOUND',
        ani: `tel:${OWN_CALLER_ID}`,
        dnis: `tel:${dnis}`,
        userId: randomUUID(),
        queueId: randomUUID(),
        wrapupCode,
        wrapupNotes: '',
        wrapupDurationMs: 25_080,
      },
      metadata: { CorrelationId: randomUUID() },
      timestamp: new Date(eventTime).toISOString(),
    }),
  };
}

/** Opt-outs that nobody can read whole, each in its own way; none of them names a number that could be suppressed. */
export const MALFORMED_BODIES: readonly ((wrapupCode: string) => object)[] = [
  (wrapupCode) => ({ wrapupCode }),
  (wrapupCode) => ({ wrapupCode, direction: 'OUTBOUND', mediaType: 'VOICE', dnis: 'sip:agent@example.com' }),
  (wrapupCode) => ({ wrapupCode, direction: 'OUTBOUND', mediaType: 'VOICE', dnis: 'tel:+1' }),
  (wrapupCode) => ({
    wrapupCode,
    direction: 'OUTBOUND',
    mediaType: 'VOICE',
    dnis: 42,
    eventTime: 'yesterday',
  }),
  (wrapupCode) => ({ wrapupCode, direction: 'OUTBOUND', mediaType: 'VOICE', dnis: `tel:${OWN_CALLER_ID}` }),
];

/** The EventBridge entry of a malformed opt-out. */
export function malformedEntry(busName: string, index: number, wrapupCode: string) {
  const body = MALFORMED_BODIES[index % MALFORMED_BODIES.length]?.(wrapupCode) ?? {};
  return {
    EventBusName: busName,
    Source: `aws.partner/genesys.com/cloud/${ORGANISATION}/system-test`,
    DetailType: 'v2.detail.events.conversation.{id}.acw',
    Detail: JSON.stringify({
      topicName: 'unknown',
      version: '2',
      eventBody: { ...body, conversationId: randomUUID() },
    }),
  };
}
