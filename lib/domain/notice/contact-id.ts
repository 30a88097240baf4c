import { sha256Hex } from '../canonical-json.ts';
import type { Channel } from '../vocabulary.ts';

/**
 * The id under which a dialler gets a recipient: the same whenever it is handed over again, so that it is never sent twice.
 * Hex digits, since the platform takes no special characters.
 */
export function contactIdOf(contact: {
  readonly incidentId: string;
  readonly recipientId: string;
  readonly channel: Channel;
}): string {
  const { incidentId, recipientId, channel } = contact;
  return sha256Hex(`${incidentId} ${recipientId} ${channel}`).slice(0, 40);
}
