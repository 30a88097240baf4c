import * as z from 'zod';
import { Circuit, CLOSED } from '../circuit-breaker.ts';
import { EpochMs, OpaqueId, Sha256Hex } from '../vocabulary.ts';
import { NO_NOTICES, NoticeState, Route } from './notice.ts';

/** Where at the dialler one text in one language goes out. */
export const OpenedList = z.object({ contactListId: OpaqueId, campaignId: OpaqueId });
export type OpenedList = z.infer<typeof OpenedList>;

/** How far the notices of one incident have come. */
export const Dispatch = z.object({
  incidentId: z.uuid(),
  version: z.number().int().positive(),
  /** LOADING: the list is being read; nobody is told before all of it was. */
  phase: z.enum(['LOADING', 'SENDING']),
  beganAt: EpochMs,
  /** Of the list that is, or was, read: another one may follow it, of people found later. */
  listVersionId: z.string(),
  /** How many rows of it have become notices. */
  rows: z.number().int().nonnegative(),
  via: Route,
  /** By channel, language and version of the text. */
  lists: z.record(z.string(), OpenedList),
  circuit: Circuit,
  /** As the last run that saw all of them left them. */
  counts: z.record(NoticeState, z.number().int().nonnegative()),
  stuck: z.number().int().nonnegative(),
  countedAt: EpochMs.optional(),
  /** Of the reports that were written last. */
  reportSha256: Sha256Hex.optional(),
});
export type Dispatch = z.infer<typeof Dispatch>;

/** Notices of an incident that begin now. */
export function firstDispatch(
  { incidentId, listVersionId }: Pick<Dispatch, 'incidentId' | 'listVersionId'>,
  now: number,
): Dispatch {
  return {
    incidentId,
    version: 1,
    phase: 'LOADING',
    beganAt: now,
    listVersionId,
    rows: 0,
    via: 'CAMPAIGN',
    lists: {},
    circuit: CLOSED,
    counts: NO_NOTICES,
    stuck: 0,
  };
}
