import { errorCode } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { ComplianceError } from '../../lib/domain/errors.ts';
import { advance } from '../../lib/domain/incident/advance.ts';
import type { Incident } from '../../lib/domain/incident/incident.ts';
import { incidentEntry } from '../../lib/domain/incident/incident-entry.ts';
import type { Dispatch } from '../../lib/domain/notice/dispatch.ts';
import type { Deadline, ReleasedIncident, SendNoticesDeps } from './deps.ts';
import { GuardedDialler } from './dialler.ts';
import { saveDispatch } from './dispatches.ts';
import { loadRecipients } from './load-recipients.ts';
import { Pass, type PassResult } from './run-pass.ts';

const SENDER = 'send-notices';

/**
 * Moves the notices of every released incident on as far as they go, one incident after the other. Where it stands is in the
 * items alone: a run that ends anywhere is gone on with by the next.
 */
export function createSendNotices(deps: SendNoticesDeps): () => Promise<void> {
  return async () => {
    const deadline = { until: deps.now() + deps.runMs };
    await deps.incidents.logOverdue();
    const standing: Dispatch[] = [];
    let failed = 0;
    for (const incident of await deps.incidents.all()) {
      try {
        const moved = await move(deps, incident, deadline);
        if (moved?.failed) failed += 1;
        if (moved !== undefined) standing.push(moved.dispatch);
      } catch (error) {
        failed += 1;
        deps.telemetry.log('NOTICES_FAILED', { jobId: incident.id, errorCode: errorCode(error) });
      }
    }
    report(deps, standing, failed);
  };
}

type Moved = { readonly dispatch: Dispatch; readonly failed: boolean };

async function move(
  deps: SendNoticesDeps,
  incident: Incident,
  deadline: Deadline,
): Promise<Moved | undefined> {
  const dispatch = await deps.notices.dispatch(incident.id);
  if (incident.state === 'CLOSED') {
    // Nobody is told any more: who they were is nobody's business now.
    if (dispatch !== undefined) await deps.notices.forget(incident.id);
    return undefined;
  }
  const { affected, template } = incident;
  if (incident.state !== 'NOTIFYING' || affected === undefined || template === undefined)
    return dispatch && { dispatch, failed: false };
  return notify(deps, { ...incident, affected, template }, deadline);
}

async function notify(deps: SendNoticesDeps, incident: ReleasedIncident, deadline: Deadline): Promise<Moved> {
  if (deps.sender === undefined) {
    throw new ComplianceError({
      code: 'DIALLER_NOT_CONNECTED',
      message: 'expected a dialler that notices go out by, got none; nobody was told',
    });
  }
  const loaded = await loadRecipients(deps, incident, deadline);
  if (loaded.phase === 'LOADING') return { dispatch: loaded, failed: false };
  const dialler = new GuardedDialler(deps, deps.sender, loaded);
  const pass = await new Pass(deps, incident, dialler).run(deadline);
  const dispatch = await keep(deps, dialler.dispatch, pass);
  const { counts } = pass.book;
  const isOver = pass.isWhole && !pass.hasSent && counts.PENDING + counts.SENDING + pass.awaited === 0;
  if (isOver) await end(deps, incident, counts);
  return { dispatch, failed: pass.failed };
}

/** Writes the counts, and the reports where they have changed. */
async function keep(
  deps: SendNoticesDeps,
  dispatch: Dispatch,
  { book: { counts, stuck, report: told, incidentId } }: PassResult,
): Promise<Dispatch> {
  const reportSha256 = sha256Hex(`${told.letters}\n${told.attention}`);
  if (reportSha256 !== dispatch.reportSha256) {
    await deps.reports.write(incidentId, 'letters.csv', told.letters);
    await deps.reports.write(incidentId, 'attention.csv', told.attention);
  }
  return saveDispatch(deps, dispatch, { counts, stuck, reportSha256, countedAt: deps.now() });
}

/** Somebody may have changed the incident meanwhile: it is ended by the next run then. */
async function end(
  { incidents, now, newId }: SendNoticesDeps,
  incident: Incident,
  counts: Dispatch['counts'],
) {
  const current = await incidents.read(incident.id);
  if (current?.state !== 'NOTIFYING') return;
  const event = { kind: 'NOTIFIED', by: SENDER, at: now(), counts } as const;
  const notified = advance(current, event, []);
  await incidents.save({ incident: notified, entry: incidentEntry(notified, event, { id: newId() }) });
}

function report({ telemetry }: SendNoticesDeps, standing: readonly Dispatch[], failed: number): void {
  const sum = (of: (dispatch: Dispatch) => number) => standing.reduce((all, one) => all + of(one), 0);
  telemetry.metric('NoticeFailedCount', failed);
  telemetry.metric(
    'NoticePendingCount',
    sum(({ counts }) => counts.PENDING + counts.SENDING),
  );
  telemetry.metric(
    'NoticeStuckCount',
    sum(({ stuck }) => stuck),
  );
  telemetry.metric(
    'NoticeUncertainCount',
    sum(({ counts }) => counts.UNCERTAIN),
  );
  telemetry.metric(
    'NoticeAttentionCount',
    sum(({ counts }) => counts.HELD + counts.UNREADABLE + counts.WRONG_REGION),
  );
}
