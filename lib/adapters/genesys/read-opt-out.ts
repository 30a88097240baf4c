import type { EmailAddress } from '../../domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../../domain/contact-point/phone-number.ts';
import { parsedJson } from '../../domain/json.ts';
import {
  customerOfCampaign,
  customerOfConversation,
  type Numbering,
  type RawAddresses,
  readCustomer,
} from './customer-address.ts';
import { type CodeVerdict, codeIn, salvage } from './salvage.ts';
import { ConversationWrapUp, Envelope, eventTimeOf, PostContact, topicOf } from './wrap-up-event.ts';

/** Why an event could not be read whole. */
export type Problem =
  | 'BAD_JSON'
  | 'UNKNOWN_SHAPE'
  | 'UNKNOWN_TOPIC'
  | 'NO_CUSTOMER_ADDRESS'
  | 'UNREADABLE_ADDRESS'
  | 'ONLY_OWN_NUMBERS';

export type OptOutReading =
  | { readonly kind: 'NO_OPT_OUT' }
  | {
      readonly kind: 'OPT_OUT';
      /** Whom to suppress; may be empty where there is a problem. */
      readonly contactPoints: readonly (PhoneNumber | EmailAddress)[];
      /** What is the same on every delivery of this event; undefined where the event does not say it. */
      readonly identity: string | undefined;
      readonly agent: string | undefined;
      readonly conversationId: string | undefined;
      /** Epoch milliseconds; undefined where the event does not say it. */
      readonly statedAt: number | undefined;
      /** Present: somebody must look at the event. */
      readonly problem?: Problem;
    };

export type GenesysSettings = Numbering & {
  /** Ids of the wrap-up codes that mean opt-out, in small letters. */
  readonly optOutCodes: ReadonlySet<string>;
};

/** The configured ids of a comma-separated list, in small letters, as ids are compared. */
export function optOutCodesFrom(list: string): ReadonlySet<string> {
  const codes = list.split(',').map((code) => code.trim().toLowerCase());
  return new Set(codes.filter((code) => code !== ''));
}

/**
 * Reads one EventBridge event of Genesys Cloud as an opt-out, or as none. An event without a wrap-up code (a transfer
 * has none) or with another code is no opt-out: it never lifts one either. What cannot be read whole comes back with its
 * problem and with whatever contact point can be made out, unless it plainly carries another code. Never throws.
 */
export function readOptOut(body: string, settings: GenesysSettings): OptOutReading {
  const json = parsedJson(body);
  if (json === undefined) return salvaged(body, 'BAD_JSON', settings);
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) return salvaged(body, 'UNKNOWN_SHAPE', settings);
  const { 'detail-type': detailType, detail } = envelope.data;
  const event = readEvent(detailType, detail.eventBody);
  if (typeof event === 'string') return salvaged(body, event, settings);
  const code = event.wrapupCode?.trim().toLowerCase() ?? '';
  if (!settings.optOutCodes.has(code)) return { kind: 'NO_OPT_OUT' };
  const { contactPoints, problem } = readCustomer(event.customer, settings);
  const found = contactPoints.length > 0 ? contactPoints : salvage(body, settings).contactPoints;
  return {
    kind: 'OPT_OUT',
    contactPoints: found,
    identity: identityOf(event, code),
    agent: event.agent ?? undefined,
    conversationId: event.conversationId ?? undefined,
    statedAt: eventTimeOf(event.eventTime, detail.timestamp),
    ...(problem === undefined ? {} : { problem }),
  };
}

type Event = Pick<ConversationWrapUp, 'eventTime' | 'conversationId' | 'wrapupCode'> &
  Partial<Pick<ConversationWrapUp, 'participantId' | 'sessionId'>> & {
    readonly agent: string | null | undefined;
    readonly customer: RawAddresses;
  };

function readEvent(detailType: string, eventBody: unknown): Event | 'UNKNOWN_TOPIC' | 'UNKNOWN_SHAPE' {
  switch (topicOf(detailType)) {
    case 'CONVERSATION': {
      const event = ConversationWrapUp.safeParse(eventBody).data;
      if (event === undefined) return 'UNKNOWN_SHAPE';
      return { ...event, agent: event.userId, customer: customerOfConversation(event) };
    }
    case 'POST_CONTACT': {
      const event = PostContact.safeParse(eventBody).data;
      if (event === undefined) return 'UNKNOWN_SHAPE';
      return { ...event, agent: event.agentId, customer: customerOfCampaign(event) };
    }
    case 'OTHER':
      return 'UNKNOWN_TOPIC';
  }
}

function salvaged(body: string, problem: Problem, settings: GenesysSettings): OptOutReading {
  const { contactPoints, statedAt } = salvage(body, settings);
  const suppress = mayBeOptOut(codeIn(body, settings.optOutCodes), problem);
  return {
    kind: 'OPT_OUT',
    contactPoints: suppress ? contactPoints : [],
    identity: undefined,
    agent: undefined,
    conversationId: undefined,
    statedAt,
    problem,
  };
}

// A topic that we never asked for, and that carries no wrap-up code, is a rule set wrongly, not an opt-out.
function mayBeOptOut(code: CodeVerdict, problem: Problem): boolean {
  return code === 'OPT_OUT' || code === 'UNREADABLE' || (code === 'ABSENT' && problem !== 'UNKNOWN_TOPIC');
}

// A redelivery has a new envelope id, so the event's own ids are its identity.
function identityOf({ conversationId, participantId, sessionId }: Event, code: string): string | undefined {
  if (conversationId === undefined || conversationId === null) return undefined;
  return JSON.stringify([conversationId, participantId ?? '', sessionId ?? '', code]);
}
