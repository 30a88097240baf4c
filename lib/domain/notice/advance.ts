import type { Channel } from '../vocabulary.ts';
import type { ChannelNotice, ChannelState, Notice, NoticeState, Sending } from './notice.ts';
import { openChannel, sendingChannel } from './notice.ts';

/** What can happen to a notice. */
export type NoticeEvent =
  /** Its next channel may be used: it is going to be handed to the dialler. */
  | { readonly kind: 'CHOSEN'; readonly channel: Channel; readonly sending: Sending }
  /** The dialler has taken it. */
  | { readonly kind: 'ACCEPTED' }
  /** The dialler has certainly not taken it. */
  | { readonly kind: 'NOT_ACCEPTED' }
  /** Nobody knows whether the dialler has taken it, and asking again could send it twice. */
  | { readonly kind: 'LOST' }
  | { readonly kind: 'DELIVERED' }
  | { readonly kind: 'FAILED'; readonly cause: string }
  /** The next channel is not to be used. */
  | {
      readonly kind: 'CLOSED';
      readonly channel: Channel;
      readonly as: 'SUPPRESSED' | 'NOT_OFFERED' | 'WRONG_REGION';
      readonly cause: string;
    }
  | { readonly kind: 'HELD'; readonly channel: Channel }
  /** Nothing is to be done before a time, epoch milliseconds. */
  | { readonly kind: 'PUT_OFF'; readonly until: number };

/**
 * The notice after an event, or undefined where that cannot happen to it: what has been taken by a dialler is never handed
 * over again on that channel, and a notice that has ended stays as it is.
 */
export function advance(notice: Notice, event: NoticeEvent, now: number): Notice | undefined {
  switch (event.kind) {
    case 'CHOSEN':
      return changed(notice, { from: 'PENDING', now, channel: next(notice, event.channel) }, 'SENDING', {
        sending: event.sending,
      });
    case 'ACCEPTED':
      return changed(notice, { from: 'SENDING', now, channel: sendingChannel(notice) }, 'SENT');
    case 'LOST':
      return changed(notice, { from: 'SENDING', now, channel: sendingChannel(notice) }, 'UNCERTAIN');
    case 'DELIVERED':
      return changed(notice, { from: 'SENT', now, channel: sendingChannel(notice) }, 'DELIVERED');
    case 'NOT_ACCEPTED':
      return returned(notice, now);
    case 'FAILED':
      return closed(notice, { from: 'SENT', now, channel: sendingChannel(notice) }, 'FAILED', event.cause);
    case 'CLOSED':
      return closed(
        notice,
        { from: 'PENDING', now, channel: next(notice, event.channel) },
        event.as,
        event.cause,
      );
    case 'HELD':
      return changed(notice, { from: 'PENDING', now, channel: next(notice, event.channel) }, 'HELD', {
        cause: 'LITIGATION_HOLD',
      });
    case 'PUT_OFF':
      return notice.state === 'PENDING'
        ? { ...notice, version: notice.version + 1, notBefore: event.until }
        : undefined;
  }
}

type Step = {
  readonly from: NoticeState;
  readonly now: number;
  readonly channel: ChannelNotice | undefined;
};

/** Only the first open channel may be decided about: the order is the recipient's. */
function next(notice: Notice, channel: Channel): ChannelNotice | undefined {
  const open = openChannel(notice);
  return open?.channel === channel ? open : undefined;
}

/** Notice and channel go into the same state. */
function changed(
  notice: Notice,
  { from, now, channel }: Step,
  to: NoticeState & ChannelState,
  more: Pick<ChannelNotice, 'cause' | 'sending'> = {},
): Notice | undefined {
  if (notice.state !== from || channel === undefined) return undefined;
  const channels = replaced(notice, { ...channel, ...more, state: to, at: now });
  return moved(notice, { state: to, channels }, now);
}

/** Back to the channel that it came from. */
function returned(notice: Notice, now: number): Notice | undefined {
  const sending = sendingChannel(notice);
  if (notice.state !== 'SENDING' || sending === undefined) return undefined;
  const { sending: _, ...channel } = sending;
  // It waits for as long as it has waited: whoever is stuck must be seen.
  const { since } = notice;
  const back = moved(
    notice,
    { state: 'PENDING', channels: replaced(notice, { ...channel, state: 'OPEN', at: now }) },
    now,
  );
  return { ...back, since };
}

/** One channel is closed: the next is tried, or none is left. */
function closed(notice: Notice, { from, now, channel }: Step, as: ChannelState, cause: string) {
  if (notice.state !== from || channel === undefined) return undefined;
  const channels = replaced(notice, { ...channel, state: as, cause, at: now });
  return moved(notice, { state: stateOf(channels), channels }, now);
}

/** The other region can send what this one must not, and needs no letter for it. */
export function stateOf(channels: readonly ChannelNotice[]): NoticeState {
  if (channels.some(({ state }) => state === 'OPEN')) return 'PENDING';
  return channels.some(({ state }) => state === 'WRONG_REGION') ? 'WRONG_REGION' : 'FALLBACK_LETTER';
}

function moved(
  { cause: _, notBefore: __, ...notice }: Notice,
  to: Pick<Notice, 'state' | 'channels'>,
  now: number,
): Notice {
  const since = notice.state === to.state ? notice.since : now;
  return { ...notice, ...to, version: notice.version + 1, since };
}

function replaced({ channels }: Notice, by: ChannelNotice): ChannelNotice[] {
  return channels.map((each) => (each.channel === by.channel ? by : each));
}
