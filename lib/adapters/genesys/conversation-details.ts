import * as z from 'zod';
import type { Interval } from '../../domain/coverage/interval.ts';
import type { ContactPage, ContactRecords } from '../../domain/coverage/ports.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { GenesysApi } from './cloud-api.ts';
import { type ContactReading, Conversation, contactsOf } from './outbound-contacts.ts';

const JOBS = '/api/v2/analytics/conversations/details/jobs';
const PAGE_SIZE = '1000';
/** A hundred million conversations in an hour; a listing that never ends is broken. */
const MOST_PAGES = 100_000;

const Availability = z.object({ dataAvailabilityDate: z.iso.datetime({ offset: true }) });
const Submitted = z.object({ jobId: z.string().min(1) });
const Status = z.object({ state: z.string() });
const Page = z.object({
  conversations: z.array(Conversation).nullish(),
  cursor: z.string().nullish(),
  dataAvailabilityDate: z.iso.datetime({ offset: true }).nullish(),
});

const ENDED_IN_VAIN = new Set(['FAILED', 'CANCELLED', 'EXPIRED']);

/**
 * Conversations by the bulk jobs of Genesys Cloud's analytics, which read its data lake: later than the details query, but
 * with a date before which nothing is missing. https://developer.genesys.cloud/api/rest/v2/analytics/conversation_details_job
 */
export class HttpConversationDetails implements ContactRecords {
  readonly #api: GenesysApi;
  readonly #reading: () => Promise<ContactReading>;

  constructor(api: GenesysApi, reading: () => Promise<ContactReading>) {
    this.#api = api;
    this.#reading = reading;
  }

  async availableUntil(): Promise<number> {
    const { dataAvailabilityDate } = await this.#api.send(
      { method: 'GET', path: `${JOBS}/availability` },
      Availability,
    );
    return Date.parse(dataAvailabilityDate);
  }

  /** A job finds every conversation whose life overlaps the interval. */
  async submit({ from, to }: Interval): Promise<string> {
    const body = {
      interval: `${iso(from)}/${iso(to)}`,
      order: 'asc',
      orderBy: 'conversationStart',
      segmentFilters: [
        {
          type: 'and',
          predicates: [{ type: 'dimension', dimension: 'direction', operator: 'matches', value: 'outbound' }],
        },
      ],
    };
    const { jobId } = await this.#api.send({ method: 'POST', path: JOBS, body }, Submitted);
    return jobId;
  }

  async stateOf(jobId: string): Promise<'UNDER_WAY' | 'DONE' | 'GONE'> {
    try {
      const path = `${JOBS}/${encodeURIComponent(jobId)}`;
      const { state } = await this.#api.send({ method: 'GET', path }, Status);
      if (state === 'FULFILLED') return 'DONE';
      return ENDED_IN_VAIN.has(state) ? 'GONE' : 'UNDER_WAY';
    } catch (error) {
      if (isRefused(error)) return 'GONE';
      throw error;
    }
  }

  async *contacts(jobId: string, interval: Interval): AsyncGenerator<ContactPage, undefined> {
    const reading = await this.#reading();
    for await (const conversations of this.#pages(jobId, interval.to)) {
      const found = conversations.map((conversation) => contactsOf(conversation, reading, interval));
      yield {
        contacts: found.flatMap(({ contacts }) => contacts),
        leftOut: {
          own: found.reduce((sum, { leftOut }) => sum + leftOut.own, 0),
          consults: found.reduce((sum, { leftOut }) => sum + leftOut.consults, 0),
        },
      };
    }
    return undefined;
  }

  async *#pages(jobId: string, to: number): AsyncGenerator<readonly Conversation[], undefined> {
    const path = `${JOBS}/${encodeURIComponent(jobId)}/results`;
    let cursor: string | undefined;
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const query = { pageSize: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) };
      const read = await this.#api.send({ method: 'GET', path, query }, Page);
      const until = read.dataAvailabilityDate ?? undefined;
      if (until !== undefined && Date.parse(until) < to) throw incomplete('records up to its end');
      yield read.conversations ?? [];
      if (read.cursor === undefined || read.cursor === null || read.cursor === '') return undefined;
      cursor = read.cursor;
    }
    throw incomplete(`at most ${MOST_PAGES} pages`);
  }
}

/** Whether the platform refused a call, as it does for a job that it knows no more. */
export function isRefused(error: unknown): boolean {
  return error instanceof ComplianceError && error.code === 'GENESYS_REFUSED';
}

function incomplete(expected: string): ComplianceError {
  return new ComplianceError({
    code: 'GENESYS_INCOMPLETE',
    message: `expected of an interval ${expected}, got others; it is asked for again`,
  });
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
