import type { Offered } from '../../lib/domain/notice/channels.ts';
import { type Notice, openChannel } from '../../lib/domain/notice/notice.ts';
import type { AddressedNotice, NoticeText } from '../../lib/domain/notice/ports.ts';
import { verdictOn } from '../../lib/domain/notice/verdict.ts';
import type { Channel } from '../../lib/domain/vocabulary.ts';
import { tokenOfAddress } from './addresses.ts';
import type { SendNoticesDeps } from './deps.ts';
import type { NoticeBook } from './notice-book.ts';
import type { NoticeTexts } from './texts.ts';

/** A recipient whose next channel may be used, by the decision that was just made. */
export type Candidate = {
  readonly notice: Notice;
  readonly text: NoticeText;
  readonly address: string;
  readonly token: string;
};

type Choosing = {
  readonly deps: SendNoticesDeps;
  readonly offered: Offered;
  readonly book: NoticeBook;
  readonly texts: NoticeTexts;
};

/**
 * Goes through a recipient's channels until one may be used, and asks about each by the one way to decide. Undefined where
 * none may be used now: the notice then says why, and is as `book` has written it.
 */
export async function chooseChannel(
  choosing: Choosing,
  addressed: AddressedNotice,
): Promise<Candidate | Notice> {
  let { notice } = addressed;
  for (;;) {
    const open = openChannel(notice);
    if (open === undefined) return notice;
    const found = await askAbout(choosing, { ...addressed, notice }, open.channel);
    if ('text' in found) return found;
    const next = await choosing.book.apply(notice, found);
    if (next === undefined) return notice;
    notice = next;
    if (notice.state !== 'PENDING' || found.kind === 'PUT_OFF') return notice;
  }
}

async function askAbout(
  { deps, offered, texts }: Choosing,
  { notice, address }: AddressedNotice,
  channel: Channel,
): Promise<Candidate | Exclude<ReturnType<typeof verdictOn>, 'ALLOW'>> {
  const closed = (cause: string) => ({ kind: 'CLOSED', channel, as: 'NOT_OFFERED', cause }) as const;
  const token = address === undefined ? undefined : tokenOfAddress(await deps.pepper(), channel, address);
  if (address === undefined || token === undefined) return closed('NO_ADDRESS');
  const offer = offered[channel];
  if (offer !== true) return closed(offer);
  const text = await texts.for(channel, address);
  if (text === undefined) return closed('NO_APPROVED_TEXT');
  const { recipientId } = notice;
  const { incidentId } = text;
  // Two recipients with one address: it is told once, and the other one is told in another way.
  if ((await deps.notices.claim(incidentId, { channel, token, recipientId })) === 'TAKEN')
    return closed('ADDRESS_SHARED');
  const verdict = await deps.checks.check({ incidentId, recipientId, channel, address });
  const event = verdictOn(channel, verdict, deps.now());
  if (event !== 'ALLOW') return event;
  return { notice, text, token, address: (channel === 'EMAIL' ? address.email : address.phone) ?? '' };
}
