import { errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { inParallel } from '../../lib/adapters/in-parallel.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { contactIdOf } from '../../lib/domain/notice/contact-id.ts';
import type { OpenedList } from '../../lib/domain/notice/dispatch.ts';
import type { Sending } from '../../lib/domain/notice/notice.ts';
import { noticeEntry } from '../../lib/domain/notice/notice-entry.ts';
import type { Candidate } from './choose-channel.ts';
import type { ReleasedIncident, SendNoticesDeps } from './deps.ts';
import { type GuardedDialler, isNotDone } from './dialler.ts';
import type { NoticeBook } from './notice-book.ts';
import { keyOf, routeOf } from './texts.ts';

const WRITES_AT_ONCE = 16;

type Sender = {
  readonly deps: SendNoticesDeps;
  readonly incident: ReleasedIncident;
  readonly dialler: GuardedDialler;
  readonly book: NoticeBook;
};

/** How a batch went; FAILED: what was not taken is tried by a later run, what is in doubt is looked into by one. */
export type BatchOutcome = 'SENT' | 'FAILED';

/** Sends candidates with one text: as contacts of its campaign, or one message after the other where there are few. */
export async function sendBatch(sender: Sender, batch: readonly Candidate[]): Promise<BatchOutcome> {
  const [first] = batch;
  if (first === undefined) return 'SENT';
  try {
    return routeOf(first.text, sender.dialler.dispatch.via) === 'AGENTLESS'
      ? await sendOneByOne(sender, batch)
      : await sendToCampaign(sender, first, batch);
  } catch (error) {
    const { incident, deps } = sender;
    if (!errorCode(error).startsWith('GENESYS_') && errorCode(error) !== 'CIRCUIT_OPEN') throw error;
    deps.telemetry.log('NOTICE_BATCH_FAILED', { jobId: incident.id, errorCode: errorCode(error) });
    return 'FAILED';
  }
}

async function sendToCampaign(
  sender: Sender,
  { text }: Candidate,
  batch: readonly Candidate[],
): Promise<BatchOutcome> {
  const { dialler } = sender;
  const list = await openedList(dialler, text);
  const { contactListId } = list;
  const chosen = await mark(sender, batch, { via: 'CAMPAIGN', contactListId });
  const contacts = chosen.map(({ notice: { recipientId }, address }) => ({
    contactId: contactIdOf({ incidentId: text.incidentId, recipientId, channel: text.channel }),
    address,
  }));
  try {
    await dialler.call((genesys) => genesys.add(list, text, contacts));
  } catch (error) {
    // What may have been carried out is looked up by a later run, never guessed.
    if (isNotDone(error)) await applyAll(sender, chosen, 'NOT_ACCEPTED');
    throw error;
  }
  await accept(sender, chosen, { via: 'CAMPAIGN', contactListId });
  return 'SENT';
}

async function openedList(dialler: GuardedDialler, text: Candidate['text']): Promise<OpenedList> {
  const key = keyOf(text);
  const known = dialler.dispatch.lists[key];
  if (known !== undefined) return known;
  const list = await dialler.call((genesys) => genesys.open(text));
  await dialler.save({ lists: { ...dialler.dispatch.lists, [key]: list } });
  return list;
}

/** Nothing tells one such call from its repetition: it is marked before, and never made again where its answer is lost. */
async function sendOneByOne(sender: Sender, batch: readonly Candidate[]): Promise<BatchOutcome> {
  for (const candidate of batch) {
    if (!sender.dialler.mayCall) return 'FAILED';
    const chosen = await mark(sender, [candidate], { via: 'AGENTLESS' });
    if (chosen.length === 0) continue;
    try {
      await sender.dialler.call((genesys) => genesys.sendOne(candidate.text, candidate.address));
    } catch (error) {
      await applyAll(sender, chosen, isNotDone(error) ? 'NOT_ACCEPTED' : 'LOST');
      throw error;
    }
    await accept(sender, chosen, { via: 'AGENTLESS' });
  }
  return 'SENT';
}

type Way = Pick<Sending, 'via' | 'contactListId'>;
type Chosen = Candidate & { readonly batch: string };

/** Writes who is about to be handed over, before it is done. Whom another run has taken meanwhile is left out. */
async function mark(
  { book, incident, deps }: Sender,
  batch: readonly Candidate[],
  way: Way,
): Promise<readonly Chosen[]> {
  const ids = batch.map(({ notice }) => `${notice.recipientId} ${notice.version}`).toSorted();
  const name = sha256Hex([incident.id, deps.now(), ...ids].join('\n')).slice(0, 16);
  const chosen: Chosen[] = [];
  await inParallel(batch, WRITES_AT_ONCE, async (candidate) => {
    const { channel, language, templateVersion } = candidate.text;
    const sending = { ...way, batch: name, language, templateVersion };
    const notice = await book.apply(candidate.notice, { kind: 'CHOSEN', channel, sending });
    if (notice !== undefined) chosen.push({ ...candidate, notice, batch: name });
  });
  return chosen;
}

/** The entry first: no notice passes for sent that is not on record. */
async function accept({ deps, incident, book }: Sender, chosen: readonly Chosen[], way: Way): Promise<void> {
  const [first] = chosen;
  if (first === undefined) return;
  const entry = noticeEntry(
    {
      ...way,
      text: first.text,
      templateName: incident.template.name,
      batch: first.batch,
      recipients: chosen.map(({ notice: { recipientId }, token }) => ({ recipientId, token })),
    },
    deps.now(),
  );
  await deps.contactPoints.record(entry, deps.now());
  await applyAll({ book }, chosen, 'ACCEPTED');
}

async function applyAll(
  { book }: Pick<Sender, 'book'>,
  chosen: readonly Chosen[],
  kind: 'ACCEPTED' | 'LOST' | 'NOT_ACCEPTED',
): Promise<void> {
  await inParallel(chosen, WRITES_AT_ONCE, async ({ notice }) => {
    await book.apply(notice, { kind });
  });
}
