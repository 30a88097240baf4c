import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type ApiResponse, readApiRequest, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import {
  type CoverageGaps,
  type CoverageProgress,
  type GapJudgement,
  judgementEntry,
} from '../../lib/domain/coverage/ports.ts';
import type { ContactPoints } from '../../lib/domain/ports.ts';
import { JudgeRequest } from './event.ts';

export type ResolveCoverageGapDeps = {
  readonly gaps: Pick<CoverageGaps, 'find' | 'judge' | 'close'>;
  /** How far the checks have come; undefined if they never began. */
  readonly progress: () => Promise<CoverageProgress | undefined>;
  readonly contactPoints: Pick<ContactPoints, 'record'>;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
};

/**
 * Takes somebody's word on an outbound contact that no decision covers. The first word counts and goes to the log; saying
 * the same again is harmless, and finishes what a failure cut short.
 */
export function createResolveCoverageGap(
  deps: ResolveCoverageGapDeps,
): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const { route, body, pathParameters } = readApiRequest(event);
    if (route !== 'POST /v1/coverage-gaps/{id}') return respondRefused({ code: 'UNKNOWN_ROUTE' });
    const parsed = JudgeRequest.safeParse(body);
    if (!parsed.success) return respondInvalid(parsed.error);
    const judgement = { ...parsed.data, at: deps.now(), entryId: deps.newId() };
    try {
      return await judge(pathParameters['id'] ?? '', judgement, deps);
    } catch (error) {
      return respondRefused(refusalOf(error, deps.telemetry));
    }
  };
}

async function judge(
  id: string,
  judgement: GapJudgement,
  { gaps, progress, contactPoints, now }: ResolveCoverageGapDeps,
): Promise<ApiResponse> {
  const found = id === '' ? undefined : await gaps.find(id);
  if (found === undefined) return respondRefused({ code: 'UNKNOWN_GAP' });
  // Until its hour is closed a gap can be written again, and would be open once more.
  if (found.at >= ((await progress())?.closedUntil ?? 0)) return respondRefused({ code: 'HOUR_OPEN' });
  const judged = found.judgement === undefined ? await gaps.judge(id, judgement) : found;
  if (judged?.judgement === undefined) return respondRefused({ code: 'UNKNOWN_GAP' });
  const { by, reason, at } = judged.judgement;
  if (by !== judgement.by || reason !== judgement.reason) return respondRefused({ code: 'GAP_JUDGED' });
  await contactPoints.record(judgementEntry(judged, judged.judgement), now());
  await gaps.close(judged);
  return respond(200, { accepted: true, by, reason, resolvedAt: new Date(at).toISOString() });
}
