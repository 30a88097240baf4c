import { parseEmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import { type Pepper, type Token, tokenOf } from '../../lib/domain/contact-point/token.ts';
import type { NoticeAddress } from '../../lib/domain/notice/notice.ts';
import type { Channel } from '../../lib/domain/vocabulary.ts';

/** The token of the address that a channel reaches; undefined where there is none. */
export function tokenOfAddress(
  pepper: Pepper,
  channel: Channel,
  { phone = '', email = '' }: NoticeAddress,
): Token | undefined {
  const read = channel === 'EMAIL' ? parseEmailAddress(email) : parsePhoneNumber(phone);
  return read.kind === 'unreadable' ? undefined : tokenOf(pepper, read);
}
