import type { DiallerList, Listing } from './dialler.ts';

/** Whether a list can name a contact point of this kind: a list for calls knows no addresses. */
export function hasRoomFor(
  { channels }: DiallerList,
  { contactPoint }: Pick<Listing, 'contactPoint'>,
): boolean {
  return channels.some((channel) => (channel === 'EMAIL') === (contactPoint.kind === 'email'));
}
