import { parsePhoneNumber } from '../contact-point/phone-number.ts';
import { type Residency, residencyOf } from '../contact-point/residency.ts';
import type { Channel } from '../vocabulary.ts';
import { stateOf } from './advance.ts';
import { channelOrder } from './channel-order.ts';
import type { NoticeAddress } from './notice.ts';
import type { AddressedNotice } from './ports.ts';
import type { RecipientReading } from './recipient-row.ts';

/**
 * A recipient's notice as it begins. An address that belongs to the other region is not kept here: that channel is closed from
 * the start, and the deployment there sends by it.
 */
export function firstNotice(
  reading: RecipientReading,
  here: { readonly usual: readonly Channel[]; readonly residency: Residency; readonly now: number },
): AddressedNotice {
  const { usual, residency, now } = here;
  const common = { recipientId: reading.recipientId, version: 1, since: now };
  if ('unreadable' in reading) {
    return {
      notice: { ...common, state: 'UNREADABLE', cause: reading.unreadable, channels: [] },
      address: undefined,
    };
  }
  const address = addressHere(reading.address, residency);
  const channels = channelOrder(reading.address, reading.preferred, usual).map((channel) => {
    const isHere = (channel === 'EMAIL' ? address.email : address.phone) !== undefined;
    return isHere
      ? { channel, state: 'OPEN' as const, at: now }
      : { channel, state: 'WRONG_REGION' as const, cause: 'WRONG_REGION', at: now };
  });
  const cause = channels.length === 0 ? { cause: 'NO_ADDRESS' } : {};
  return { notice: { ...common, state: stateOf(channels), ...cause, channels }, address };
}

/** What of an address may be kept and used in this region. An e-mail address alone says nothing of one. */
function addressHere({ phone, email, ...rest }: NoticeAddress, here: Residency): NoticeAddress {
  const number = phone === undefined ? undefined : parsePhoneNumber(phone);
  const isPhoneHere = number?.kind === 'phone' && residencyOf(number.country) === here;
  const isEmailHere = rest.country === undefined || residencyOf(rest.country) === here;
  return {
    ...rest,
    ...(phone !== undefined && isPhoneHere ? { phone } : {}),
    ...(email !== undefined && isEmailHere ? { email } : {}),
  };
}
