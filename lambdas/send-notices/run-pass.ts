import { errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { inParallel } from '../../lib/adapters/in-parallel.ts';
import { Batches } from '../../lib/domain/notice/batches.ts';
import { type Offered, offeredBy } from '../../lib/domain/notice/channels.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import type { AddressedNotice } from '../../lib/domain/notice/ports.ts';
import { type Candidate, chooseChannel } from './choose-channel.ts';
import type { Deadline, ReleasedIncident, SendNoticesDeps } from './deps.ts';
import type { GuardedDialler } from './dialler.ts';
import { NoticeBook } from './notice-book.ts';
import { sendBatch } from './send-batch.ts';
import { RESULTS_AFTER_MS, settle } from './settle.ts';
import { keyOf, NoticeTexts } from './texts.ts';

const CHECKS_AT_ONCE = 16;

export type PassResult = {
  readonly book: NoticeBook;
  /** Whether it came to the end, with every notice looked at. */
  readonly isWhole: boolean;
  /** Whether something could not be done that should have been. */
  readonly failed: boolean;
  /** Whether it handed something over: what came of that is in no report yet. */
  readonly hasSent: boolean;
  /** How many are with a campaign whose result is not known yet. */
  readonly awaited: number;
};

/**
 * Looks once through the notices of an incident: what was handed over is followed up, and what is pending is decided about
 * and handed over, in batches of a hundred and one last one for each text.
 */
export class Pass {
  readonly #deps: SendNoticesDeps;
  readonly #incident: ReleasedIncident;
  readonly #dialler: GuardedDialler;
  readonly #book: NoticeBook;
  readonly #texts: NoticeTexts;
  readonly #batches = new Batches<Candidate>();
  readonly #full: (readonly Candidate[])[] = [];
  /** Texts whose batch failed: they have their turn again in a minute. */
  readonly #failedTexts = new Set<string>();
  #offered: Offered | undefined;
  #failed = false;
  #hasSent = false;
  #awaited = 0;

  constructor(deps: SendNoticesDeps, incident: ReleasedIncident, dialler: GuardedDialler) {
    this.#deps = deps;
    this.#incident = incident;
    this.#dialler = dialler;
    this.#book = new NoticeBook(deps, incident.id);
    this.#texts = new NoticeTexts(deps, incident);
  }

  async run({ until }: Deadline): Promise<PassResult> {
    this.#offered = await this.#attempt(() => this.#askOffered());
    let isWhole = true;
    for await (const page of this.#deps.notices.pages(this.#incident.id)) {
      for (const { notice } of page) this.#book.count(notice);
      // The rest is counted and reported, and has its turn in the next run.
      if (this.#deps.now() > until) isWhole = false;
      await this.#lookThrough(page, until);
    }
    if (isWhole) for (const batch of this.#batches.rest()) await this.#send(batch);
    return {
      book: this.#book,
      isWhole,
      failed: this.#failed,
      hasSent: this.#hasSent,
      awaited: this.#awaited,
    };
  }

  async #lookThrough(page: readonly AddressedNotice[], until: number): Promise<void> {
    const { deps } = this.#settling;
    const isLate = () => deps.now() > until;
    const settled = isLate() ? page : ((await this.#attempt(() => settle(this.#settling, page))) ?? page);
    const after = new Map<string, Notice>();
    await inParallel(settled, CHECKS_AT_ONCE, async (one) => {
      const chosen = isLate() ? one.notice : await this.#choose(one);
      after.set(one.notice.recipientId, chosen);
    });
    for (const notice of after.values()) this.#note(notice);
    for (const batch of this.#full.splice(0)) if (!isLate()) await this.#send(batch);
  }

  async #choose(one: AddressedNotice): Promise<Notice> {
    const { notice } = one;
    const offered = this.#offered;
    const isDue = notice.state === 'PENDING' && (notice.notBefore ?? 0) <= this.#deps.now();
    if (!isDue || offered === undefined || !this.#dialler.mayCall || one.address === undefined) return notice;
    const choosing = { deps: this.#deps, offered, book: this.#book, texts: this.#texts };
    const chosen = (await this.#attempt(() => chooseChannel(choosing, one))) ?? notice;
    if (!('text' in chosen)) return chosen;
    const full = this.#batches.add(keyOf(chosen.text), chosen);
    if (full !== undefined) this.#full.push(full);
    return chosen.notice;
  }

  #note(notice: Notice): void {
    this.#book.tell(notice);
    const isFresh = this.#deps.now() - notice.since <= RESULTS_AFTER_MS;
    const byCampaign = notice.channels.some(
      ({ state, sending }) => state === 'SENT' && sending?.via === 'CAMPAIGN',
    );
    if (byCampaign && isFresh) this.#awaited += 1;
  }

  async #send(batch: readonly Candidate[]): Promise<void> {
    const [first] = batch;
    if (first === undefined || this.#failedTexts.has(keyOf(first.text)) || !this.#dialler.mayCall) return;
    this.#hasSent = true;
    if ((await sendBatch(this.#settling, batch)) === 'SENT') return;
    this.#failed = true;
    this.#failedTexts.add(keyOf(first.text));
  }

  async #askOffered(): Promise<Offered> {
    const { channels } = this.#deps;
    const carrier =
      channels.sms === undefined ? undefined : await this.#dialler.call((sender) => sender.smsCarrier());
    return offeredBy(channels, carrier);
  }

  /** Undefined where the dialler or a decision failed: what it was about is tried by the next run. */
  async #attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      const code = errorCode(error);
      if (!code.startsWith('GENESYS_') && code !== 'CIRCUIT_OPEN' && code !== 'CHECK_FAILED') throw error;
      this.#deps.telemetry.log('NOTICES_PUT_OFF', { jobId: this.#incident.id, errorCode: code });
      this.#failed = true;
      return undefined;
    }
  }

  get #settling() {
    return { deps: this.#deps, incident: this.#incident, dialler: this.#dialler, book: this.#book };
  }
}
