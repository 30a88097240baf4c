import * as z from 'zod';

// Genesys marks every field of these events as optional, and adds fields: what is not read here is not looked at.
// Shapes: AcwDetailEventTopicAfterCallWorkEvent, WrapupDetailEventTopicWrapupEvent, Outbound*CampaignPostContact* of
// purecloud-platform-client-v2.

const Text = z.string().max(1024).nullish();
const EpochMsOrIso = z.union([z.number(), z.iso.datetime({ offset: true })]).nullish();

/** The EventBridge envelope. Its `id` differs between deliveries of one event, so nothing is made of it. */
export const Envelope = z.object({
  'detail-type': z.string(),
  detail: z.object({
    eventBody: z.record(z.string(), z.unknown()),
    timestamp: z.iso.datetime({ offset: true }).nullish().catch(undefined),
  }),
});

/** `.acw` and `.wrapup`: one agent session of a conversation. */
export const ConversationWrapUp = z.object({
  eventTime: EpochMsOrIso,
  conversationId: Text,
  participantId: Text,
  sessionId: Text,
  mediaType: Text,
  direction: Text,
  /** Who called. On an outbound call that is the operator itself. */
  ani: Text,
  /** Who was called. */
  dnis: Text,
  addressTo: Text,
  addressFrom: Text,
  callbackNumbers: z.array(z.string().max(1024)).max(100).nullish(),
  /** Absent in `.wrapup`. */
  userId: Text,
  /** An id, never a name; absent where the session ended in a transfer. */
  wrapupCode: Text,
});
export type ConversationWrapUp = z.infer<typeof ConversationWrapUp>;

const DialledNumber = z.object({ contactPhoneNumber: Text }).nullish();

/** `postContact`: one attempt of a campaign, with the number that was dialled or written to. */
export const PostContact = z.object({
  eventTime: EpochMsOrIso,
  conversationId: Text,
  wrapupCode: Text,
  /** Absent in messaging and e-mail campaigns. */
  agentId: Text,
  voiceAttributes: DialledNumber,
  smsAttributes: DialledNumber,
  whatsAppAttributes: DialledNumber,
  emailAttributes: z.object({ contactEmailAddress: Text }).nullish(),
});
export type PostContact = z.infer<typeof PostContact>;

const CONVERSATION_TOPIC = /^v2\.detail\.events\.conversation\.[^.]+\.(?:acw|wrapup)$/;
const POST_CONTACT_TOPIC = /^v2\.outbound\.[a-z]+\.campaigns\.contact\.postContact$/;

export type Topic = 'CONVERSATION' | 'POST_CONTACT' | 'OTHER';

/** Which kind of event a `detail-type` announces. */
export function topicOf(detailType: string): Topic {
  if (CONVERSATION_TOPIC.test(detailType)) return 'CONVERSATION';
  return POST_CONTACT_TOPIC.test(detailType) ? 'POST_CONTACT' : 'OTHER';
}

// Before Genesys Cloud existed: a time in seconds, or no time at all. Taken as it is, it would let an older consent
// outrank the opt-out.
const EARLIEST_EVENT_MS = Date.UTC(2014, 0, 1);

/** Epoch milliseconds of the first of `times` that can be the time of an event. */
export function eventTimeOf(...times: readonly (number | string | null | undefined)[]): number | undefined {
  return times
    .map((time) => (typeof time === 'string' ? Date.parse(time) : (time ?? Number.NaN)))
    .map(Math.floor)
    .find((ms) => ms >= EARLIEST_EVENT_MS && ms <= Number.MAX_SAFE_INTEGER);
}
