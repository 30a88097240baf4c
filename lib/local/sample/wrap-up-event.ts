import { randomUUID } from 'node:crypto';

/** A partner event source of an organisation that does not exist. */
export const PARTNER_SOURCE = 'aws.partner/genesys.com/cloud/00000000-0000-4000-8000-0000000000a0/sample';
/** The one number of its own that the dev stage of the US deployment is configured with. */
export const OWN_CALLER_ID = '+13175550199';

/** `dnis` is the number dialled, in E.164; `eventTime` is in epoch milliseconds. */
export type WrapUp = { readonly dnis: string; readonly wrapupCode: string; readonly eventTime: number };

/** What the events of one outbound voice call have in common: the customer is the number dialled. */
export function outboundCall(wrapUp: WrapUp) {
  return { ...wrapUp, conversationId: randomUUID(), participantId: randomUUID(), sessionId: randomUUID() };
}
export type OutboundCall = ReturnType<typeof outboundCall>;

/** The EventBridge entry of the after-call-work event of an outbound voice call, as Genesys Cloud sends it. */
export function acwEntry(busName: string, call: OutboundCall) {
  const eventBody = { ...sessionOf(call), userId: randomUUID(), wrapupNotes: '' };
  return genesysEntry(busName, 'v2.detail.events.conversation.{id}.acw', eventBody);
}

/** What the events say of the agent's session in a call. */
export function sessionOf({ dnis, ...call }: OutboundCall) {
  return {
    ...call,
    mediaType: 'VOICE',
    provider: 'Edge',
    direction: 'OUTBOUND',
    ani: `tel:${OWN_CALLER_ID}`,
    dnis: `tel:${dnis}`,
    queueId: randomUUID(),
    wrapupDurationMs: 25_080,
  };
}

type EventBody = Readonly<Record<string, unknown>> & {
  readonly conversationId: string;
  readonly eventTime: number;
};

/** An EventBridge entry as Genesys Cloud puts it on the bus of its partner source. */
export function genesysEntry(busName: string, detailType: string, eventBody: EventBody) {
  return {
    EventBusName: busName,
    Source: PARTNER_SOURCE,
    DetailType: detailType,
    Detail: JSON.stringify({
      topicName: detailType.replace('{id}', eventBody.conversationId),
      version: '2',
      eventBody,
      metadata: { CorrelationId: randomUUID() },
      timestamp: new Date(eventBody.eventTime).toISOString(),
    }),
  };
}
