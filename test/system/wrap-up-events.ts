import { randomUUID } from 'node:crypto';

const ORGANISATION = '00000000-0000-4000-8000-0000000000a0';
/** The one number of its own that the dev stage of the US deployment is configured with. */
export const OWN_CALLER_ID = '+13175550199';
/** Any wrap-up code that is not configured to mean opt-out. */
export const OTHER_CODE = '7f2e9a10-1b1b-4c1c-8d1d-aaaaaaaaaaaa';

export type WrapUp = { readonly dnis: string; readonly wrapupCode: string; readonly eventTime: number };

/** What the events of one outbound voice call have in common. */
export function outboundCall(wrapUp: WrapUp) {
  return { ...wrapUp, conversationId: randomUUID(), participantId: randomUUID(), sessionId: randomUUID() };
}
export type OutboundCall = ReturnType<typeof outboundCall>;

/** The EventBridge entry of an after-call-work event of an outbound voice call. */
export function acwEntry(busName: string, call: OutboundCall) {
  return entryOf(busName, 'v2.detail.events.conversation.{id}.acw', call.eventTime, {
    ...sessionOf(call),
    userId: randomUUID(),
    wrapupNotes: '',
  });
}

/** The wrap-up event of the same session. */
export function wrapUpEntry(busName: string, call: OutboundCall) {
  return entryOf(busName, 'v2.detail.events.conversation.{id}.wrapup', call.eventTime, sessionOf(call));
}

/** What the campaign says of the same conversation. */
export function postContactEntry(busName: string, call: OutboundCall) {
  const { conversationId, wrapupCode, eventTime, dnis } = call;
  return entryOf(busName, 'v2.outbound.voice.campaigns.contact.postContact', eventTime, {
    eventTime,
    conversationId,
    wrapupCode,
    outboundCampaignId: randomUUID(),
    outboundContactListId: randomUUID(),
    outboundContactId: 'crm-abc-123',
    dialingMode: 'PREDICTIVE',
    voiceAttributes: {
      contactPhoneNumber: dnis,
      contactPhoneType: 'Cell',
      callerIdPhoneNumber: OWN_CALLER_ID,
      callerIdName: 'Acme',
    },
    agentId: randomUUID(),
  });
}

function sessionOf({ dnis, ...call }: OutboundCall): object {
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

function entryOf(busName: string, detailType: string, eventTime: number, eventBody: object) {
  return {
    EventBusName: busName,
    Source: `aws.partner/genesys.com/cloud/${ORGANISATION}/system-test`,
    DetailType: detailType,
    Detail: JSON.stringify({
      topicName: detailType,
      version: '2',
      eventBody,
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
