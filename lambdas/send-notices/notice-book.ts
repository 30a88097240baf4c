import { advance, type NoticeEvent } from '../../lib/domain/notice/advance.ts';
import { NO_NOTICES, type Notice, type NoticeState } from '../../lib/domain/notice/notice.ts';
import { isStuck, NoticeReport } from '../../lib/domain/notice/report.ts';
import type { SendNoticesDeps } from './deps.ts';

/** The notices of one incident as a run looks them through: each is counted once, and again wherever it moves to. */
export class NoticeBook {
  readonly counts: Record<NoticeState, number> = { ...NO_NOTICES };
  readonly report = new NoticeReport();
  readonly incidentId: string;
  readonly #deps: Pick<SendNoticesDeps, 'notices' | 'now'>;
  stuck = 0;

  constructor(deps: Pick<SendNoticesDeps, 'notices' | 'now'>, incidentId: string) {
    this.#deps = deps;
    this.incidentId = incidentId;
  }

  count({ state }: Notice): void {
    this.counts[state] += 1;
  }

  /** Notes what people are to see of a notice. */
  tell(notice: Notice): void {
    const now = this.#deps.now();
    if (isStuck(notice, now)) this.stuck += 1;
    this.report.add(notice, now);
  }

  /** The notice after an event, once that is written; undefined where another run was faster, or it cannot happen. */
  async apply(notice: Notice, event: NoticeEvent): Promise<Notice | undefined> {
    const next = advance(notice, event, this.#deps.now());
    if (next === undefined) return undefined;
    if ((await this.#deps.notices.save(this.incidentId, next)) === 'CONFLICT') return undefined;
    this.counts[notice.state] -= 1;
    this.counts[next.state] += 1;
    return next;
  }
}
