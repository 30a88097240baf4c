import * as z from 'zod';
import { Channel } from '../vocabulary.ts';

const E164 = z.string().regex(/^\+[1-9]\d{6,14}$/);

/** What a deployment sends notices by; a channel that is left out is not offered. */
export const NoticeChannels = z.object({
  /** The order in which a recipient's channels are tried. */
  order: z.array(Channel),
  /** Lists with fewer recipients go out one message at a time. */
  agentlessBelow: z.number().int().nonnegative(),
  messagesPerMinute: z.number().int().positive(),
  sms: z.object({ sender: E164, carriers: z.array(z.string()) }).optional(),
  email: z
    .object({
      from: z.email(),
      name: z.string(),
      responseLibraryId: z.uuid(),
      replyTo: z.object({ domain: z.string(), routeId: z.uuid() }).optional(),
    })
    .optional(),
  voice: z
    .object({
      callerNumber: E164,
      callerName: z.string(),
      callAnalysisResponseSetId: z.uuid(),
      siteId: z.uuid(),
    })
    .optional(),
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
