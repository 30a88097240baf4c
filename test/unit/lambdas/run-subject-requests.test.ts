import { describe, expect, it } from 'vitest';
import { createRunSubjectRequests } from '../../../lambdas/run-subject-requests/run-subject-requests.ts';
import { createTelemetry } from '../../../lib/adapters/cloudwatch/telemetry.ts';
import type { Step, SubjectRequest } from '../../../lib/domain/subject-request/request.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');

function request(fields: Partial<SubjectRequest>): SubjectRequest {
  const defaults = { version: 1, type: 'ERASURE', state: 'AWAITING_REVIEW', tokens: [], steps: [] } as const;
  const received = { by: 'officer-1', at: NOW };
  return {
    ...defaults,
    id: '01890000-0000-7000-8000-000000000001',
    received,
    receivedOn: '2026-11-20',
    ...fields,
    tokens: [],
    steps: fields.steps ?? [],
  };
}

function step(state: Step['state'], cause?: string): Step {
  return { id: `genesys:${state}`, system: 'GENESYS_CLOUD', state, attempts: 1, ...(cause && { cause }) };
}

/** Runs once over some requests; which were moved, and the last value of each metric. */
async function round(requests: readonly SubjectRequest[], fail: readonly string[] = []) {
  const moved: string[] = [];
  const lines: string[] = [];
  const run = createRunSubjectRequests({
    requests: { all: async () => requests, logOverdue: async () => 0 },
    async run(id) {
      moved.push(id);
      if (fail.includes(id)) throw new Error('the number +12125550123 is unknown');
    },
    zone: 'Europe/Berlin',
    telemetry: createTelemetry(
      'run-subject-requests',
      () => NOW,
      (line) => lines.push(line),
    ),
    now: () => NOW,
  });
  await run();
  const records = lines.map((line) => JSON.parse(line));
  return { moved, lines, metrics: Object.assign({}, ...records) };
}

describe('a run over the requests of data subjects', () => {
  it.each([
    ['a day old', { receivedOn: '2026-11-21' }, 0, 0],
    ['due in eight days', { receivedOn: '2026-10-30' }, 0, 0],
    ['due in seven days', { receivedOn: '2026-10-29' }, 1, 0],
    ['due today', { receivedOn: '2026-10-22' }, 1, 0],
    ['due yesterday', { receivedOn: '2026-10-21' }, 1, 1],
    [
      'extended',
      { receivedOn: '2026-10-21', extension: { by: 'officer-1', at: NOW, reason: 'complexity' } },
      0,
      0,
    ],
    ['done', { receivedOn: '2026-01-01', state: 'COMPLETED' }, 0, 0],
    ['refused', { receivedOn: '2026-01-01', state: 'REFUSED' }, 0, 0],
    [
      'partial, as something failed',
      { receivedOn: '2026-01-01', state: 'PARTIAL', steps: [step('FAILED')] },
      1,
      1,
    ],
    [
      'partial for a litigation hold alone, of which the person was told',
      {
        receivedOn: '2026-01-01',
        state: 'PARTIAL',
        steps: [step('DONE'), step('HELD', 'LITIGATION_HOLD')],
      },
      0,
      0,
    ],
  ] as const)('counts what is %s: due %j %i, late %i', async (_what, fields, due, late) => {
    const { metrics } = await round([
      request({ ...fields, steps: 'steps' in fields ? [...fields.steps] : [] }),
    ]);
    expect(metrics).toMatchObject({ SubjectRequestDueCount: due, SubjectRequestLateCount: late });
  });

  it('moves what can move without a person, and what is to be let go of, and nothing else', async () => {
    const states = [
      'RECEIVED',
      'IDENTITY_CHECKED',
      'SUBJECTS_FOUND',
      'AWAITING_REVIEW',
      'APPROVED',
      'RUNNING',
    ] as const;
    const requests = [
      ...[...states, 'PARTIAL' as const, 'REFUSED' as const].map((state) => request({ id: state, state })),
      request({ id: 'erased', state: 'COMPLETED', endedAt: NOW - 40 * DAY_MS }),
      request({ id: 'told', type: 'ACCESS', state: 'COMPLETED', endedAt: NOW - 30 * DAY_MS }),
      request({ id: 'told lately', type: 'ACCESS', state: 'COMPLETED', endedAt: NOW - 29 * DAY_MS }),
      request({ id: 'let go', type: 'ACCESS', state: 'COMPLETED', endedAt: 1, dataDestroyedAt: 2 }),
    ];
    const { moved } = await round(requests);
    expect(moved).toEqual(['IDENTITY_CHECKED', 'SUBJECTS_FOUND', 'APPROVED', 'RUNNING', 'told']);
  });

  it('goes on after one that fails, and says of it nothing but its code', async () => {
    const { moved, metrics, lines } = await round(
      [request({ id: 'one', state: 'RUNNING' }), request({ id: 'two', state: 'RUNNING' })],
      ['one'],
    );
    expect(moved).toEqual(['one', 'two']);
    expect(metrics).toMatchObject({ SubjectRequestFailedCount: 1 });
    expect(lines.join('')).not.toContain('2125550123');
  });
});
