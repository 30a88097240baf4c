import * as z from 'zod';
import { Channel } from '../vocabulary.ts';

const E164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number in E.164, such as +13175550100');
const uuid = z.uuid();

const Sms = z.strictObject({
  sender: E164,
  /**
   * By whose routes text messages may go: `genesys-cloud` for its own numbers, or the id of the integration that the number
   * comes from.
   */
  carriers: z.array(z.string().min(1)).min(1),
});
const Email = z.strictObject({
  from: z.email(),
  /** Whom the message is from, as people read it. */
  name: z.string().min(1).max(100),
  /** The library of responses that texts are put into. */
  responseLibraryId: uuid,
  replyTo: z.strictObject({ domain: z.string().min(1), routeId: uuid }).optional(),
});
const Voice = z.strictObject({
  callerNumber: E164,
  callerName: z.string().min(1).max(100),
  /** Its flow says what stands in the contact's column Message. */
  callAnalysisResponseSetId: uuid,
  siteId: uuid,
});

/** What a deployment sends notices of a breach by; a channel that is left out is not offered. */
export const NoticeChannels = z.strictObject({
  /** The order in which a recipient's channels are tried, behind those of their own choice. */
  order: z.array(Channel).min(1).default(['EMAIL', 'SMS', 'VOICE']),
  /** Lists with fewer rows go out one message at a time, without a campaign. */
  agentlessBelow: z.number().int().min(0).max(1000).default(50),
  /** Of each campaign. */
  messagesPerMinute: z.number().int().min(1).max(10_000).default(300),
  sms: Sms.optional(),
  email: Email.optional(),
  voice: Voice.optional(),
});
export type NoticeChannels = z.infer<typeof NoticeChannels>;

/** Which channels are offered: true for one that is set up and may be used, else why not. */
export type Offered = Readonly<Record<Channel, true | 'CARRIER_NOT_ALLOWED' | 'NOT_SET_UP'>>;

/** `carrier`: whose routes text messages go by. Recipients' data must stay with carriers that the operator has chosen. */
export function offeredBy({ sms, email, voice }: NoticeChannels, carrier: string | undefined): Offered {
  const setUp = (settings: object | undefined) => settings !== undefined || ('NOT_SET_UP' as const);
  const allowed = carrier !== undefined && sms?.carriers.includes(carrier);
  return {
    VOICE: setUp(voice),
    SMS: sms === undefined ? 'NOT_SET_UP' : allowed || 'CARRIER_NOT_ALLOWED',
    EMAIL: setUp(email),
  };
}
