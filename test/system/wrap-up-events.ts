import { randomUUID } from 'node:crypto';
import {
  genesysEntry,
  type OutboundCall,
  OWN_CALLER_ID,
  PARTNER_SOURCE,
  sessionOf,
} from '../../lib/local/sample/wrap-up-event.ts';

/** Any wrap-up code that is not configured to mean opt-out. */
export const OTHER_CODE = '7f2e9a10-1b1b-4c1c-8d1d-aaaaaaaaaaaa';

/** The wrap-up event of the same session. */
export function wrapUpEntry(busName: string, call: OutboundCall) {
  return genesysEntry(busName, 'v2.detail.events.conversation.{id}.wrapup', sessionOf(call));
}

/** What the campaign says of the same conversation. */
export function postContactEntry(busName: string, call: OutboundCall) {
  const { conversationId, wrapupCode, eventTime, dnis } = call;
  return genesysEntry(busName, 'v2.outbound.voice.campaigns.contact.postContact', {
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
    Source: PARTNER_SOURCE,
    DetailType: 'v2.detail.events.conversation.{id}.acw',
    Detail: JSON.stringify({
      topicName: 'unknown',
      version: '2',
      eventBody: { ...body, conversationId: randomUUID() },
    }),
  };
}
