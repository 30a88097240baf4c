import { reportLine } from '../csv-report.ts';
import type { Notice, NoticeState } from './notice.ts';

/** A notice that has not moved for so long needs a person: source 004 asks for an hour. */
export const STUCK_AFTER_MS = 3_600_000;

const NEEDS_A_PERSON: ReadonlySet<NoticeState> = new Set(['UNCERTAIN', 'HELD', 'WRONG_REGION', 'UNREADABLE']);

/** Whether a notice that should move does not: it waits for no permitted hour, and still it waits. */
export function isStuck({ state, since, notBefore = 0 }: Notice, now: number): boolean {
  const moving = state === 'PENDING' || state === 'SENDING';
  return moving && now - Math.max(since, notBefore) >= STUCK_AFTER_MS;
}

/** The lines of the reports, as notices are looked through: who is told by letter, and whom a person must look at. */
export class NoticeReport {
  letters = reportLine(['recipientId', 'cause']);
  attention = reportLine(['recipientId', 'state', 'cause']);

  add(notice: Notice, now: number): void {
    const { recipientId, state } = notice;
    const cause =
      notice.cause ?? notice.channels.map((each) => `${each.channel} ${each.cause ?? each.state}`).join(', ');
    if (state === 'FALLBACK_LETTER') this.letters += reportLine([recipientId, cause]);
    if (NEEDS_A_PERSON.has(state)) this.attention += reportLine([recipientId, state, cause]);
    if (isStuck(notice, now)) this.attention += reportLine([recipientId, `${state} for an hour`, cause]);
  }
}
