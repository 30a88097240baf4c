import * as z from 'zod';
import { Language } from '../incident/templates.ts';
import { Channel, EpochMs, OpaqueId } from '../vocabulary.ts';

/** Where one recipient's notice of a breach stands. */
export const NoticeState = z.enum([
  /** To be sent on the first of its channels that is open. */
  'PENDING',
  /** About to be handed to the dialler, or just handed: nobody knows until it has answered. */
  'SENDING',
  /** The dialler has taken it. */
  'SENT',
  /** The dialler says that it has sent the message, or connected the call. */
  'DELIVERED',
  /** Its answer was lost where asking again could send it twice. A person looks. */
  'UNCERTAIN',
  /** A litigation hold stands on the recipient: Legal decides. */
  'HELD',
  /** Another region's deployment must send it. */
  'WRONG_REGION',
  /** The row gives nothing that a notice could go to. A person looks. */
  'UNREADABLE',
  /** No channel is left: it goes by letter. */
  'FALLBACK_LETTER',
]);
export type NoticeState = z.infer<typeof NoticeState>;

/** What became of one channel of a recipient. */
export const ChannelState = z.enum([
  'OPEN',
  'SENDING',
  'SENT',
  'DELIVERED',
  'FAILED',
  /** The recipient has refused it. */
  'SUPPRESSED',
  /** Not set up, not permitted to be used, or without an approved text. */
  'NOT_OFFERED',
  'WRONG_REGION',
  'HELD',
  'UNCERTAIN',
]);
export type ChannelState = z.infer<typeof ChannelState>;

/** By a campaign, whose contacts have ids of ours; or in a call of its own, which nothing tells from its repetition. */
export const Route = z.enum(['CAMPAIGN', 'AGENTLESS']);
export type Route = z.infer<typeof Route>;

/** Which text went out, and by what. */
export const Sending = z.object({
  via: Route,
  /** Names the batch in the log. */
  batch: z.string(),
  language: Language,
  templateVersion: z.number().int().positive(),
  /** CAMPAIGN only. */
  contactListId: OpaqueId.optional(),
});
export type Sending = z.infer<typeof Sending>;

export const ChannelNotice = z.object({
  channel: Channel,
  state: ChannelState,
  /** Why it is closed. */
  cause: OpaqueId.optional(),
  /** When it got into its state. */
  at: EpochMs,
  sending: Sending.optional(),
});
export type ChannelNotice = z.infer<typeof ChannelNotice>;

/** One recipient's notice. Whom it is for is told by the operator's own id; addresses are kept apart, sealed. */
export const Notice = z.object({
  recipientId: OpaqueId,
  version: z.number().int().positive(),
  state: NoticeState,
  cause: OpaqueId.optional(),
  /** When it got into its state. */
  since: EpochMs,
  /** Not to be looked at before. */
  notBefore: EpochMs.optional(),
  /** In the order in which they are tried. */
  channels: z.array(ChannelNotice),
});
export type Notice = z.infer<typeof Notice>;

/** What is sealed: all that says who the recipient is. */
export const NoticeAddress = z.object({
  /** E.164. */
  phone: z.string().optional(),
  email: z.string().optional(),
  /** ISO 3166-1. */
  country: z.string().optional(),
  /** The dearest first. */
  languages: z.array(Language),
});
export type NoticeAddress = z.infer<typeof NoticeAddress>;

/** How many notices are in each state; every state is there. */
export type NoticeCounts = Readonly<Record<NoticeState, number>>;

export const NO_NOTICES: NoticeCounts = {
  PENDING: 0,
  SENDING: 0,
  SENT: 0,
  DELIVERED: 0,
  UNCERTAIN: 0,
  HELD: 0,
  WRONG_REGION: 0,
  UNREADABLE: 0,
  FALLBACK_LETTER: 0,
};

/** The channel that a notice is being sent by, or was. */
export function sendingChannel({ channels }: Pick<Notice, 'channels'>): ChannelNotice | undefined {
  return channels.find(({ state }) => state === 'SENDING' || state === 'SENT');
}

/** The channel to try next. */
export function openChannel({ channels }: Pick<Notice, 'channels'>): ChannelNotice | undefined {
  return channels.find(({ state }) => state === 'OPEN');
}
