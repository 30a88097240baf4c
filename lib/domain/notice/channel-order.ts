import type { Channel } from '../vocabulary.ts';
import type { NoticeAddress } from './notice.ts';

/**
 * The channels that a recipient has an address for, the one to try first in front: what the operator's records say that the
 * recipient prefers, then the deployment's own order. Whether one may be used is asked when its turn comes.
 */
export function channelOrder(
  { phone, email }: Pick<NoticeAddress, 'phone' | 'email'>,
  preferred: readonly Channel[],
  usual: readonly Channel[],
): readonly Channel[] {
  const addresses = { VOICE: phone, SMS: phone, EMAIL: email };
  return [...new Set([...preferred, ...usual])].filter(
    (channel) => usual.includes(channel) && addresses[channel] !== undefined,
  );
}
