import * as z from 'zod';
import type { EmailAddress } from '../../domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../../domain/contact-point/phone-number.ts';
import { type Residency, residencyOf } from '../../domain/contact-point/residency.ts';
import { type Pepper, tokenOf } from '../../domain/contact-point/token.ts';
import type { OutboundContact } from '../../domain/coverage/contact.ts';
import type { Interval } from '../../domain/coverage/interval.ts';
import type { ContactPage } from '../../domain/coverage/ports.ts';
import { logSafeId } from '../../domain/log/log-safe-id.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import {
  type Customer,
  customerOfConversation,
  directionOf,
  type Numbering,
  type RawAddresses,
  readCustomer,
} from './customer-address.ts';

const Text = z.string().max(1024).nullish();
const Moment = z.iso.datetime({ offset: true }).nullish();

/** One leg of a conversation: AnalyticsSession of purecloud-platform-client-v2, where every field is optional. */
const Session = z.object({
  sessionId: Text,
  mediaType: Text,
  direction: Text,
  dnis: Text,
  addressTo: Text,
  callbackNumbers: z.array(z.string().max(1024)).max(100).nullish(),
  outboundCampaignId: Text,
  outboundContactId: Text,
  segments: z.array(z.object({ segmentStart: Moment })).nullish(),
});
type Session = z.infer<typeof Session>;

/** AnalyticsConversation, as far as it says who was contacted. */
export const Conversation = z.object({
  conversationId: z.string().min(1).max(256),
  conversationStart: z.iso.datetime({ offset: true }),
  participants: z.array(z.object({ purpose: Text, sessions: z.array(Session).nullish() })).nullish(),
});
export type Conversation = z.infer<typeof Conversation>;

/** How contacts are read, and whose they are. */
export type ContactReading = {
  readonly numbering: Numbering;
  readonly pepper: Pepper;
  readonly residency: Residency;
};

/** The parts that people and machines of the operator have in a conversation. */
const OWN_PURPOSES = new Set([
  ...['acd', 'agent', 'api', 'bot', 'botflow', 'campaign', 'dialer', 'fax', 'flow', 'group', 'inbound'],
  ...['ivr', 'manual', 'outbound', 'station', 'user', 'voicemail', 'voicesurveyflow', 'workflow'],
]);

const CHANNELS: ReadonlyMap<string, Channel> = new Map([
  ['voice', 'VOICE'],
  ['message', 'SMS'],
  ['email', 'EMAIL'],
]);

type Leg = {
  readonly session: Session;
  readonly place: number;
  readonly channel: Channel;
  readonly at: number;
  /** Whether it is of the operator's side. */
  readonly own: boolean;
  readonly external: boolean;
};

/**
 * The outbound contacts of a conversation that began in an interval. The customer's own leg is the contact; where the
 * platform recorded none, legs of agents and machines that name a number or an address count. Somebody outside whom an
 * agent brings into a conversation that has a customer is consulted, not contacted. A callback is an offer to an agent: the
 * call that follows is the contact, and what the callback says of number and campaign is its.
 */
export function contactsOf(
  conversation: Conversation,
  reading: ContactReading,
  { from, to }: Interval,
): ContactPage {
  const participants = conversation.participants ?? [];
  const hasCustomer = participants.some(({ purpose }) => purpose?.toLowerCase() === 'customer');
  const outbound = outboundLegs(conversation);
  const theirs = outbound.filter(({ own }) => !own);
  const isConsulted = ({ external }: Leg) => hasCustomer && external;
  const isWithin = ({ at }: Leg) => from <= at && at < to;
  const made = theirs.length > 0 ? theirs.filter((leg) => !isConsulted(leg)) : outbound;
  const offers = participants.flatMap(({ sessions }) => (sessions ?? []).filter(isCallback));
  const { contacts, own } = readLegs(conversation, { legs: made.filter(isWithin), offers }, reading);
  const consults = theirs.filter((leg) => isConsulted(leg) && isWithin(leg)).length;
  return { contacts, leftOut: { own, consults } };
}

function outboundLegs({ participants, conversationStart }: Conversation): readonly Leg[] {
  const sessions = (participants ?? []).flatMap(({ purpose, sessions: of }) =>
    (of ?? []).map((session) => ({ session, purpose: purpose?.toLowerCase() ?? '' })),
  );
  return sessions.flatMap(({ session, purpose }, place) => {
    const channel = CHANNELS.get(session.mediaType?.toLowerCase() ?? '');
    if (channel === undefined || directionOf(session.direction) !== 'OUTBOUND') return [];
    const at = beginningOf(session) ?? Date.parse(conversationStart);
    return [
      { session, place, channel, at, own: OWN_PURPOSES.has(purpose), external: purpose === 'external' },
    ];
  });
}

function readLegs(
  conversation: Conversation,
  { legs, offers }: { readonly legs: readonly Leg[]; readonly offers: readonly Session[] },
  reading: ContactReading,
): { readonly contacts: readonly OutboundContact[]; readonly own: number } {
  const contacts = new Map<string, OutboundContact>();
  let own = 0;
  for (const leg of legs) {
    const customer = readCustomer(addressesOf(leg, offers), reading.numbering);
    const reached = reachedBy(customer, reading);
    const contact = contactOf(conversation, { leg, offers, reached }, reading.pepper);
    // Legs of the operator's side show one contact several times, and calls among colleagues.
    const key = leg.own ? `${leg.channel} ${customer.contactPoints[0]?.canonical}` : contact.id;
    if (customer.problem === 'ONLY_OWN_NUMBERS') own += 1;
    else if (!contacts.has(key) && !(leg.own && reached === 'UNREADABLE')) contacts.set(key, contact);
  }
  return { contacts: [...contacts.values()], own };
}

function addressesOf({ session, channel }: Leg, offers: readonly Session[]): RawAddresses {
  const common = { direction: 'OUTBOUND' };
  if (channel !== 'VOICE') {
    const mediaType = { SMS: 'MESSAGE', EMAIL: 'EMAIL' }[channel];
    return customerOfConversation({ ...common, mediaType, addressTo: session.addressTo });
  }
  // `sip:` names a device of the platform.
  const dnis = /^\s*sips?:/i.test(session.dnis ?? '') ? undefined : session.dnis;
  const callbackNumbers = offers.flatMap((offer) => offer.callbackNumbers ?? []);
  return customerOfConversation({ ...common, mediaType: 'VOICE', dnis, callbackNumbers });
}

function reachedBy(
  { contactPoints }: Customer,
  { pepper, residency }: ContactReading,
): OutboundContact['reached'] {
  if (contactPoints.length === 0) return 'UNREADABLE';
  const ours = contactPoints.filter((each) => regionOf(each, residency) === residency);
  return ours.length === 0 ? 'WRONG_REGION' : ours.map((each) => tokenOf(pepper, each));
}

/** An address names no country: it is taken to be of the region that asks, as a check takes it. */
function regionOf(contactPoint: PhoneNumber | EmailAddress, here: Residency): Residency {
  return contactPoint.kind === 'phone' ? residencyOf(contactPoint.country) : here;
}

function contactOf(
  { conversationId: rawId }: Conversation,
  {
    leg: { session, place, channel, at },
    offers,
    reached,
  }: {
    readonly leg: Leg;
    readonly offers: readonly Session[];
    readonly reached: OutboundContact['reached'];
  },
  pepper: Pepper,
): OutboundContact {
  const safe = (id: string) => logSafeId(id, pepper);
  const conversationId = safe(rawId);
  const [campaignId, contactId] = (['outboundCampaignId', 'outboundContactId'] as const).map((name) => {
    const id = [session, ...offers].map((each) => each[name]).find((each) => typeof each === 'string');
    return typeof id === 'string' && id !== '' ? safe(id) : undefined;
  });
  return {
    id: `${conversationId}.${safe(session.sessionId ?? `leg-${place}`)}`,
    ...{ conversationId, campaignId, contactId, channel, at, reached },
  };
}

function beginningOf({ segments }: Session): number | undefined {
  const starts = (segments ?? []).flatMap(({ segmentStart }) =>
    typeof segmentStart === 'string' ? [Date.parse(segmentStart)] : [],
  );
  return starts.length === 0 ? undefined : Math.min(...starts);
}

function isCallback({ mediaType }: Session): boolean {
  return mediaType?.toLowerCase() === 'callback';
}
