import * as z from 'zod';
import { bodyOf, DefaultRegion } from '../../lib/adapters/http/contact-point-input.ts';
import { StatedTime } from '../../lib/adapters/http/stated-time.ts';
import { AskedPurpose } from '../../lib/domain/state/facts.ts';
import { isOpaque, Seller } from '../../lib/domain/vocabulary.ts';

const Address = z.string().max(512, 'expected at most 512 characters');

/**
 * A provider's id, as it stands in an event: ids of ours, or letters and digits too many for a number. Message-IDs of
 * e-mails (RFC 5322, section 3.6.4) have the form of an address, but stand nowhere.
 */
const isMessageIdOfSms = (id: string): boolean =>
  isOpaque(id) || /^(?=\d{0,63}[A-Za-z])[A-Za-z0-9]{16,64}$/.test(id);

/** POST /v1/messages/inbound */
export const InboundMessage = bodyOf({
  channel: z.enum(['SMS', 'EMAIL']),
  from: Address,
  /** Our own number or address: gateways send it, nothing hangs on it. */
  to: Address.optional(),
  text: z.string().max(100_000, 'expected at most 100000 characters'),
  /** When the message reached the gateway; the time of arrival here where absent. */
  receivedAt: StatedTime.optional(),
  messageId: z.string().min(1).max(998, 'expected at most 998 characters'),
  seller: Seller.optional(),
  /** What the message was about that this one answers, where the gateway knows. */
  purpose: AskedPurpose.optional(),
  defaultRegion: DefaultRegion.optional(),
}).refine(({ channel, messageId }) => channel === 'EMAIL' || isMessageIdOfSms(messageId), {
  path: ['messageId'],
  error: "expected the gateway's id of the message, no number and no address",
});
export type InboundMessage = z.infer<typeof InboundMessage>;
