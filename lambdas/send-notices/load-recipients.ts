import { inParallel } from '../../lib/adapters/in-parallel.ts';
import { readAffected } from '../../lib/domain/notice/affected-list.ts';
import { type Dispatch, firstDispatch } from '../../lib/domain/notice/dispatch.ts';
import { firstNotice } from '../../lib/domain/notice/first-notice.ts';
import { readRecipient } from '../../lib/domain/notice/recipient-row.ts';
import type { Deadline, ReleasedIncident, SendNoticesDeps } from './deps.ts';
import { saveDispatch } from './dispatches.ts';

const WRITES_AT_ONCE = 16;

/**
 * Sees to it that each row of the list has become a notice, and goes on where a run before was cut short. In the phase
 * SENDING every row was read, and the bytes were those that were released.
 *
 * @throws ComplianceError LIST_REFUSED, LIST_CHANGED.
 */
export async function loadRecipients(
  deps: SendNoticesDeps,
  { id, affected }: ReleasedIncident,
  { until }: Deadline,
): Promise<Dispatch> {
  const fresh = firstDispatch({ incidentId: id, listVersionId: affected.versionId }, deps.now());
  let dispatch = await deps.notices.begin(fresh);
  if (dispatch.listVersionId !== affected.versionId) {
    // People found later: whoever is there already is not told again.
    const again = { phase: 'LOADING', listVersionId: affected.versionId, rows: 0 } as const;
    dispatch = await saveDispatch(deps, dispatch, again);
  }
  if (dispatch.phase === 'SENDING') return dispatch;
  let rows = 0;
  for await (const page of readAffected(deps.affected.bytes(affected), affected.sha256)) {
    rows += page.length;
    // Where pages end depends on the bytes alone, so that a page is there whole or is read again.
    if (rows <= dispatch.rows) continue;
    if (deps.now() > until) return dispatch;
    await inParallel(page, WRITES_AT_ONCE, async (row) => {
      const here = { usual: deps.channels.order, residency: deps.residency, now: deps.now() };
      await deps.notices.add(id, firstNotice(readRecipient(row), here));
    });
    dispatch = await saveDispatch(deps, dispatch, { rows });
  }
  const via = rows < deps.channels.agentlessBelow ? 'AGENTLESS' : 'CAMPAIGN';
  return saveDispatch(deps, dispatch, { phase: 'SENDING', via });
}
