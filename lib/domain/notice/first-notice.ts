import type { Channel } from '../vocabulary.ts';
import { stateOf } from './advance.ts';
import { channelOrder } from './channel-order.ts';
import type { AddressedNotice } from './ports.ts';
import type { RecipientReading } from './recipient-row.ts';

/** A recipient's notice as it begins. */
export function firstNotice(
  reading: RecipientReading,
  { usual, now }: { readonly usual: readonly Channel[]; readonly now: number },
): AddressedNotice {
  const common = { recipientId: reading.recipientId, version: 1, since: now };
  if ('unreadable' in reading) {
    return {
      notice: { ...common, state: 'UNREADABLE', cause: reading.unreadable, channels: [] },
      address: undefined,
    };
  }
  const channels = channelOrder(reading.address, reading.preferred, usual).map((channel) => ({
    channel,
    state: 'OPEN' as const,
    at: now,
  }));
  const cause = channels.length === 0 ? { cause: 'NO_ADDRESS' } : {};
  return {
    notice: { ...common, state: stateOf(channels), ...cause, channels },
    address: reading.address,
  };
}
