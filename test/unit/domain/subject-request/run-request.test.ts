import { describe, expect, it } from 'vitest';
import { isToken } from '../../../../lib/domain/contact-point/token.ts';
import type { SubjectRequestEntry } from '../../../../lib/domain/log/entry.ts';
import { advance } from '../../../../lib/domain/subject-request/advance.ts';
import type { FoundSubject } from '../../../../lib/domain/subject-request/correlate.ts';
import type { Step, SubjectData, SubjectRequest } from '../../../../lib/domain/subject-request/request.ts';
import { type RunRequestDeps, runRequest } from '../../../../lib/domain/subject-request/run-request.ts';
import type { RequestChange } from '../../../../lib/domain/subject-request/subject-requests.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const TOKENS = [`p1.${'A'.repeat(43)}`, `p1.${'E'.repeat(43)}`].filter(isToken);
const DAY_MS = 86_400_000;
const PHONE = '+13175550142';
const DATA: SubjectData = {
  identifiers: [
    { kind: 'PHONE', value: PHONE },
    { kind: 'EMAIL', value: 'ana@example.com' },
  ],
  replacements: [],
  found: [],
};

function requestOf(type: SubjectRequest['type']): SubjectRequest {
  return {
    id: ID,
    version: 1,
    type,
    state: 'IDENTITY_CHECKED',
    received: { by: 'officer-1', at: 1 },
    receivedOn: '2026-11-22',
    identity: { by: 'officer-1', at: 2, method: 'CALL_BACK' },
    tokens: TOKENS,
    steps: [],
  };
}

/** A store in memory, systems that do as told, and everything that was logged. */
function world(type: SubjectRequest['type'], ends: Readonly<Record<string, Step['state'] | Error>> = {}) {
  let stored: { request: SubjectRequest; data: SubjectData | undefined } = {
    request: requestOf(type),
    data: DATA,
  };
  const entries: SubjectRequestEntry[] = [];
  const moved: string[] = [];
  let busy = 0;
  let moment: number | undefined;
  const save = async ({ request, data, entry }: RequestChange) => {
    if (busy > 0 && busy-- > 0) return 'CONFLICT' as const;
    expect(request.version).toBe(stored.request.version + 1);
    stored = { request, data: data === 'DESTROYED' ? undefined : (data ?? stored.data) };
    if (entry !== undefined) entries.push(entry);
    return 'SAVED' as const;
  };
  const move: RunRequestDeps['move'][Step['system']] = async (_, step, keep) => {
    moved.push(step.id);
    const end = ends[step.id] ?? 'DONE';
    if (end instanceof Error) throw end;
    await keep({ ...step, state: end, attempts: 1, ...(end === 'HELD' ? { cause: 'LITIGATION_HOLD' } : {}) });
  };
  const found: Readonly<Record<string, readonly FoundSubject[]>> = {
    PHONE: [{ externalContactId: 'ec-1' }, { externalContactId: 'ec-7' }],
    EMAIL: [{ externalContactId: 'ec-2' }],
  };
  const deps: RunRequestDeps = {
    requests: { read: async () => stored, save },
    gdpr: {
      findSubjects: async ({ kind }) => found[kind] ?? [],
      canonicalContact: async (id) => (id === 'ec-7' ? id : 'ec-0'),
    },
    systems: { genesysCloud: true, multicloud: true },
    move: { DIALGUARD: move, GENESYS_CLOUD: move, MULTICLOUD: move },
    now: () => moment ?? 1000 + entries.length,
    newId: () => `01890000-0000-7000-8000-${String(entries.length).padStart(12, '0')}`,
  };
  return {
    entries,
    moved,
    stored: () => stored,
    run: () => runRequest(ID, deps),
    disturb: () => (busy = 1),
    wait: (until: number) => (moment = until),
    async approve(subjects: readonly string[]) {
      const event = { kind: 'APPROVED', by: 'officer-2', at: 5, subjects } as const;
      stored = { ...stored, request: advance(stored.request, event, stored.data?.found) };
    },
  };
}

describe('a request that runs by itself', () => {
  it('finds subjects, asks for a review and waits there', async () => {
    const { run, stored, entries, moved } = world('ERASURE');
    for (let i = 0; i < 3; i += 1) await run();
    expect(stored().request.state).toBe('AWAITING_REVIEW');
    expect(stored().data?.found.map(({ target, verdict }) => [target, verdict])).toEqual([
      [{ externalContactId: 'ec-0' }, 'MATCHED'],
      [{ externalContactId: 'ec-7' }, 'ONE_IDENTIFIER'],
    ]);
    expect(entries.map(({ event, subjectsFound }) => [event, subjectsFound])).toEqual([
      ['SUBJECTS_FOUND', 2],
      ['REVIEW_ASKED', undefined],
    ]);
    expect(moved).toEqual([]);
  });

  it('erases our own store first, then elsewhere, and keeps nothing of who asked', async () => {
    const { run, stored, approve, moved, entries } = world('ERASURE');
    await run();
    await approve(['subject-1']);
    for (let i = 0; i < 3; i += 1) await run();
    expect(moved).toEqual(['dialguard:1', 'dialguard:2', 'genesys:subject-1', 'multicloud:1']);
    expect(stored()).toMatchObject({ request: { state: 'COMPLETED' }, data: undefined });
    expect(JSON.stringify(entries)).not.toMatch(/3175550142|example\.com/);
    expect(entries.at(-1)).toMatchObject({ event: 'ENDED', state: 'COMPLETED', subjects: TOKENS });
  });

  it.each([
    ['a litigation hold', 'HELD', 'LITIGATION_HOLD'],
    ['a fault of our own store', 'FAILED', 'NOT_ERASED_HERE'],
  ] as const)('erases nothing elsewhere after %s', async (_what, state, cause) => {
    const { run, stored, approve, moved } = world('ERASURE', { 'dialguard:2': state });
    await run();
    await approve(['subject-1']);
    for (let i = 0; i < 3; i += 1) await run();
    expect(moved).toEqual(['dialguard:1', 'dialguard:2']);
    expect(stored().request).toMatchObject({ state: 'PARTIAL' });
    expect(stored().request.steps.slice(2)).toMatchObject([
      { state: 'HELD', cause },
      { state: 'HELD', cause },
    ]);
    expect(stored().data).toBeDefined();
  });

  it('goes on with the others where one system fails for now', async () => {
    const ends: Record<string, Step['state'] | Error> = { 'genesys:subject-1': new Error('down') };
    const { run, stored, approve } = world('ACCESS', ends);
    await run();
    await approve(['subject-1']);
    await run();
    await run();
    await expect(run()).rejects.toThrow('down');
    expect(stored().request.steps.map(({ state }) => state)).toEqual(['DONE', 'DONE', 'WAITING', 'DONE']);
    delete ends['genesys:subject-1'];
    await run();
    expect(stored()).toMatchObject({
      request: { state: 'COMPLETED' },
      data: { identifiers: DATA.identifiers },
    });
  });

  it('lets go of the answer to an access request after 30 days, once, and says so', async () => {
    const { run, stored, approve, entries, wait } = world('ACCESS');
    await run();
    await approve(['subject-1']);
    for (let i = 0; i < 3; i += 1) await run();
    const { endedAt = 0 } = stored().request;
    wait(endedAt + 30 * DAY_MS - 1);
    await run();
    expect(stored()).toMatchObject({ request: { state: 'COMPLETED' }, data: { found: [{}, {}] } });
    wait(endedAt + 30 * DAY_MS);
    for (let i = 0; i < 2; i += 1) await run();
    expect(stored()).toMatchObject({
      request: { state: 'COMPLETED', dataDestroyedAt: endedAt + 30 * DAY_MS },
    });
    expect(stored().data).toBeUndefined();
    expect(entries.slice(-2).map(({ event }) => event)).toEqual(['ENDED', 'DATA_DESTROYED']);
  });

  it('asks other systems for what each can do', async () => {
    const steps: Record<string, string[]> = {};
    for (const type of ['RECTIFICATION', 'RESTRICTION', 'OBJECTION'] as const) {
      const { run, approve, moved } = world(type);
      await run();
      await approve(['subject-1']);
      for (let i = 0; i < 3; i += 1) await run();
      steps[type] = moved;
    }
    expect(steps).toEqual({
      RECTIFICATION: ['dialguard:1', 'dialguard:2', 'genesys:subject-1'],
      RESTRICTION: ['dialguard:1', 'dialguard:2'],
      OBJECTION: ['dialguard:1', 'dialguard:2'],
    });
  });

  it('stops where another run was faster, and goes on from what that one left', async () => {
    const { run, stored, approve, disturb } = world('ERASURE');
    await run();
    await approve(['subject-1']);
    disturb();
    await expect(run()).rejects.toMatchObject({ code: 'REQUEST_BUSY' });
    for (let i = 0; i < 3; i += 1) await run();
    expect(stored().request.state).toBe('COMPLETED');
  });
});
