import { contactIdOf } from '../../lib/domain/notice/contact-id.ts';
import { type ChannelNotice, type Notice, sendingChannel } from '../../lib/domain/notice/notice.ts';
import { noticeEntry } from '../../lib/domain/notice/notice-entry.ts';
import type { AddressedNotice, ContactResult } from '../../lib/domain/notice/ports.ts';
import type { Channel } from '../../lib/domain/vocabulary.ts';
import { tokenOfAddress } from './addresses.ts';
import type { ReleasedIncident, SendNoticesDeps } from './deps.ts';
import type { GuardedDialler } from './dialler.ts';
import type { NoticeBook } from './notice-book.ts';

/** After so long no call of a run that was cut short can arrive any more: it is sent within a minute, and answered in 16 s. */
const CALLS_OVER_MS = 90_000;
/** A campaign has sent its messages by then, or does not say any more what became of them. */
export const RESULTS_AFTER_MS = 24 * 3_600_000;
const OFTEN_MS = 60 * 60_000;
const LOOKED_UP_AT_ONCE = 100;

type Underway = AddressedNotice & { readonly by: ChannelNotice };
type Settling = {
  readonly deps: SendNoticesDeps;
  readonly incident: ReleasedIncident;
  readonly dialler: GuardedDialler;
  readonly book: NoticeBook;
};

/**
 * Finds out what became of notices that were handed over: where a run was cut short in doubt, and where the dialler has a
 * result by now. The page as it is then.
 */
export async function settle(
  settling: Settling,
  page: readonly AddressedNotice[],
): Promise<readonly AddressedNotice[]> {
  const now = settling.deps.now();
  const settled = new Map<string, Notice>();
  const keep = (notice: Notice | undefined) => notice && settled.set(notice.recipientId, notice);
  const underway = page.flatMap((one) => {
    const by = sendingChannel(one.notice);
    return by !== undefined && isDue(by, now) ? [{ ...one, by }] : [];
  });
  for (const { notice } of underway.filter(({ by }) => by.sending?.via === 'AGENTLESS')) {
    keep(await settling.book.apply(notice, { kind: 'LOST' }));
  }
  const onLists = underway.filter(({ by }) => by.sending?.contactListId !== undefined);
  const lists = Map.groupBy(onLists, ({ by }) => `${by.channel} ${by.sending?.contactListId}`);
  for (const list of lists.values()) {
    for (let from = 0; from < list.length; from += LOOKED_UP_AT_ONCE) {
      for (const one of await lookedUp(settling, list.slice(from, from + LOOKED_UP_AT_ONCE))) keep(one);
    }
  }
  return page.map((one) => ({ ...one, notice: settled.get(one.notice.recipientId) ?? one.notice }));
}

/** Results are looked for each minute at first, then now and then. */
function isDue({ state, at, sending }: ChannelNotice, now: number): boolean {
  const age = now - at;
  if (state === 'SENDING') return age >= CALLS_OVER_MS;
  if (sending?.via !== 'CAMPAIGN' || age > RESULTS_AFTER_MS) return false;
  return age < OFTEN_MS || Math.floor(age / 60_000) % 10 === 0;
}

async function lookedUp(settling: Settling, list: readonly Underway[]): Promise<readonly Notice[]> {
  const { incident, dialler, book } = settling;
  const [first] = list;
  const contactListId = first?.by.sending?.contactListId;
  if (first === undefined || contactListId === undefined || !dialler.mayCall) return [];
  const { channel } = first.by;
  const idOf = ({ notice: { recipientId } }: AddressedNotice) =>
    contactIdOf({ incidentId: incident.id, recipientId, channel });
  const found = await dialler.call((sender) => sender.look(channel, contactListId, list.map(idOf)));
  await recordFound(
    settling,
    { channel, contactListId },
    list.filter((one) => found.has(idOf(one))),
  );
  const moved: Notice[] = [];
  for (const one of list) {
    const next = await moveOn(book, one, found.get(idOf(one)));
    if (next !== undefined) moved.push(next);
  }
  return moved;
}

/** `result` undefined: the dialler does not know the contact. */
async function moveOn(
  book: NoticeBook,
  { notice, by }: Underway,
  result: ContactResult | undefined,
): Promise<Notice | undefined> {
  if (by.state === 'SENDING' && result === undefined) return book.apply(notice, { kind: 'NOT_ACCEPTED' });
  const taken = by.state === 'SENDING' ? await book.apply(notice, { kind: 'ACCEPTED' }) : notice;
  if (taken === undefined || result === undefined || result === 'WAITING') return taken;
  const event =
    result === 'DELIVERED'
      ? ({ kind: 'DELIVERED' } as const)
      : ({ kind: 'FAILED', cause: 'FAILED_AT_DIALLER' } as const);
  return (await book.apply(taken, event)) ?? taken;
}

/** Batches that the dialler had taken when their run was cut short, before any of it is marked as taken. */
async function recordFound(
  { deps, incident }: Settling,
  { channel, contactListId }: { readonly channel: Channel; readonly contactListId: string },
  found: readonly Underway[],
): Promise<void> {
  const doubtful = found.filter(({ by }) => by.state === 'SENDING');
  const pepper = await deps.pepper();
  for (const batch of Map.groupBy(doubtful, ({ by }) => by.sending?.batch).values()) {
    const sending = batch[0]?.by.sending;
    if (sending === undefined) continue;
    const recipients = batch.flatMap(({ notice, address }) => {
      const token = address === undefined ? undefined : tokenOfAddress(pepper, channel, address);
      return token === undefined ? [] : [{ recipientId: notice.recipientId, token }];
    });
    const { language, templateVersion, via } = sending;
    const text = { incidentId: incident.id, channel, language, templateVersion };
    const accepted = { text, templateName: incident.template.name, via, batch: sending.batch, contactListId };
    await deps.contactPoints.record(noticeEntry({ ...accepted, recipients }, deps.now()), deps.now());
  }
}
