import type { Models } from 'purecloud-platform-client-v2';
import type { OutboundContact } from '../../lib/domain/coverage/contact.ts';
import { DecisionEntry } from '../../lib/domain/log/entry.ts';
import { decisionEntry, token } from './entries.ts';
import { NOON } from './facts.ts';

/** An outbound call to nobody's number. */
export function contact(given: Partial<OutboundContact> & { readonly id: string }): OutboundContact {
  return { conversationId: given.id, channel: 'VOICE', at: NOON, reached: [token(1)], ...given };
}

/** A decision on record, to allow unless told. */
export function decided(
  n: number,
  at: number,
  given: {
    readonly effect?: 'ALLOW' | 'BLOCK';
    readonly subjects?: string[];
    readonly contact?: object;
  } = {},
): DecisionEntry {
  const { effect = 'ALLOW', subjects = [token(1)] } = given;
  const reasons = effect === 'ALLOW' ? [] : [{ code: 'SUPPRESSED', ruleId: 'company-do-not-contact' }];
  const details = { channel: 'VOICE' as const, purpose: 'MARKETING' as const, ...given.contact };
  return DecisionEntry.parse({ ...decisionEntry({ n, at, subjects }), effect, reasons, contact: details });
}

type Call = {
  readonly id: string;
  readonly to: string;
  readonly at: number;
  readonly campaignId?: string;
  readonly contactId?: string;
};

/** A conversation in which a dialler called somebody, as analytics tells it: in small letters, numbers as `tel:` URIs. */
export function dialled({ id, to, at, campaignId, contactId }: Call): Models.AnalyticsConversation {
  const outbound = {
    mediaType: 'voice',
    direction: 'outbound',
    ani: 'sip:659c0000@localhost',
    dnis: `tel:${to}`,
    provider: 'Edge',
    ...(campaignId === undefined ? {} : { outboundCampaignId: campaignId }),
    ...(contactId === undefined ? {} : { outboundContactId: contactId }),
    segments: [
      { segmentType: 'dialing', segmentStart: iso(at), segmentEnd: iso(at + 4000) },
      { segmentType: 'interact', segmentStart: iso(at + 4000), segmentEnd: iso(at + 90_000) },
    ],
  };
  return {
    ...lived(id, at),
    participants: [
      { purpose: 'customer', sessions: [{ sessionId: `${id}-customer`, ...outbound }] },
      { purpose: 'agent', sessions: [{ sessionId: `${id}-agent`, ...outbound }] },
    ],
  };
}

/** A text message, or an e-mail, that a campaign sent. */
export function sent(id: string, mediaType: 'message' | 'email', addressTo: string, at: number) {
  const session = { sessionId: `${id}-customer`, mediaType, direction: 'outbound', addressTo };
  const segments = [{ segmentType: 'interact', segmentStart: iso(at), segmentEnd: iso(at + 1000) }];
  return {
    ...lived(id, at),
    participants: [{ purpose: 'customer', sessions: [{ ...session, segments }] }],
  } satisfies Models.AnalyticsConversation;
}

function lived(conversationId: string, at: number): Models.AnalyticsConversation {
  return { conversationId, conversationStart: iso(at), conversationEnd: iso(at + 90_000) };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
