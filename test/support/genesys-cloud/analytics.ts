import type { Models } from 'purecloud-platform-client-v2';
import * as z from 'zod';
import { type FakeRoute, refusal, type SeenCall } from './server.ts';

/** What a job goes through, one state each time that it is asked about; the last one stays. */
export type JobStates = readonly ('QUEUED' | 'PENDING' | 'FULFILLED' | 'FAILED' | 'CANCELLED' | 'EXPIRED')[];

export type AnalyticsWorld = {
  readonly conversations: () => readonly Models.AnalyticsConversation[];
  /** Before which moment the data lake is whole; epoch milliseconds. */
  readonly availableUntil: () => number;
  /** Of the n-th job, from 0; FULFILLED at once unless told. */
  readonly states?: (job: number) => JobStates;
  /** Conversations of a page at the most, whatever is asked for. */
  readonly pageSize?: number;
};

export type FakeAnalytics = {
  readonly routes: readonly FakeRoute[];
  /** The intervals of all jobs, in order. */
  readonly intervals: readonly string[];
};

const INTERVAL = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\/(\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

/** AsyncConversationQuery, as far as the product uses it. */
const Query = z.strictObject({
  interval: z.string().regex(INTERVAL),
  order: z.enum(['asc', 'desc']),
  orderBy: z.enum(['conversationStart', 'conversationEnd', 'segmentStart', 'segmentEnd']),
  segmentFilters: z.array(
    z.strictObject({
      type: z.enum(['and', 'or']),
      predicates: z.array(
        z.strictObject({
          type: z.literal('dimension'),
          dimension: z.literal('direction'),
          operator: z.literal('matches'),
          value: z.enum(['inbound', 'outbound']),
        }),
      ),
    }),
  ),
}) satisfies z.ZodType<Models.AsyncConversationQuery>;

type Job = { readonly id: string; readonly found: readonly Models.AnalyticsConversation[]; asked: number };

/** The bulk jobs of Genesys Cloud's analytics over some conversations. */
export function createAnalytics(world: AnalyticsWorld): FakeAnalytics {
  const jobs: Job[] = [];
  const intervals: string[] = [];
  const jobOf = (id: string | undefined) => jobs.find((job) => job.id === id);
  const statesOf = (job: Job) => world.states?.(jobs.indexOf(job)) ?? ['FULFILLED'];
  const stateOf = (job: Job) => statesOf(job)[Math.min(job.asked, statesOf(job).length) - 1] ?? 'QUEUED';
  const at = '/api/v2/analytics/conversations/details/jobs';
  const route = (method: string, rest: string, answer: FakeRoute['answer']): FakeRoute => ({
    method,
    path: new RegExp(`^${at}${rest}$`),
    answer,
  });
  return {
    intervals,
    routes: [
      route('GET', '/availability', () => {
        const body = { dataAvailabilityDate: iso(world.availableUntil()) };
        return { status: 200, body: body satisfies Models.DataAvailabilityResponse };
      }),
      route('POST', '', ({ body }) => {
        const query = Query.safeParse(body);
        if (!query.success) return refusal(400);
        intervals.push(query.data.interval);
        const id = `job-${jobs.length + 1}`;
        jobs.push({ id, found: found(world.conversations(), query.data), asked: 0 });
        return { status: 202, body: { jobId: id } satisfies Models.AsyncQueryResponse };
      }),
      route('GET', '/([^/]+)', (_, [id]) => {
        const job = jobOf(id);
        if (job === undefined) return refusal(404);
        job.asked += 1;
        return { status: 200, body: { state: stateOf(job) } satisfies Models.AsyncQueryStatus };
      }),
      route('GET', '/([^/]+)/results', (call, [id]) => {
        const job = jobOf(id);
        return job === undefined || stateOf(job) !== 'FULFILLED' ? refusal(404) : page(job, call, world);
      }),
    ],
  };
}

/** Conversations whose life overlaps the interval and that have a session of the direction, as jobs find them. */
function found(
  conversations: readonly Models.AnalyticsConversation[],
  { interval, segmentFilters }: z.infer<typeof Query>,
): readonly Models.AnalyticsConversation[] {
  const [, from = '', to = ''] = INTERVAL.exec(interval) ?? [];
  const wanted = segmentFilters.flatMap(({ predicates }) => predicates.map(({ value }) => value));
  return conversations.filter(({ conversationStart = '', conversationEnd, participants = [] }) => {
    const lives = conversationStart < to && (conversationEnd === undefined || conversationEnd >= from);
    const directions = participants.flatMap(({ sessions = [] }) =>
      sessions.map(({ direction }) => direction),
    );
    return lives && wanted.every((value) => directions.includes(value));
  });
}

function page({ found: all }: Job, { query }: SeenCall, { pageSize = 1000, availableUntil }: AnalyticsWorld) {
  const first = Number(query.get('cursor')?.replace('after-', '') ?? 0);
  const size = Math.min(Number(query.get('pageSize') ?? 100), pageSize);
  if (!Number.isInteger(first) || first > all.length || size < 1) return refusal(400);
  const next = first + size;
  const body = {
    conversations: all.slice(first, next),
    ...(next < all.length ? { cursor: `after-${next}` } : {}),
    dataAvailabilityDate: iso(availableUntil()),
  };
  return { status: 200, body: body satisfies Models.AnalyticsConversationAsyncQueryResponse };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
