import { beforeEach, describe, expect, it } from 'vitest';
import { executionLogText } from '../../../../lib/domain/multicloud/execution-log.ts';
import { submissionName } from '../../../../lib/domain/multicloud/file-name.ts';
import { processRequests } from '../../../../lib/domain/multicloud/process-submission.ts';
import { readSubmission } from '../../../../lib/domain/multicloud/submission.ts';
import { moveMulticloudStep } from '../../../../lib/domain/subject-request/multicloud-step.ts';
import type { Step, SubjectData, SubjectRequest } from '../../../../lib/domain/subject-request/request.ts';

const REQUEST = { id: '01890000-0000-7000-8000-000000000001', type: 'ERASURE' } as const;
const DATA: SubjectData = {
  identifiers: [
    { kind: 'NAME', value: 'Ana' },
    { kind: 'PHONE', value: '+13175550142' },
    { kind: 'EMAIL', value: 'ana@example.com' },
  ],
  replacements: [],
  found: [],
};
const NOON = Date.parse('2026-11-22T12:00:00Z');
const NAME = submissionName({ type: 'FORGET', what: `${REQUEST.id} 0` }, NOON, 'Europe/Berlin');

let step: Step;
let clock: number;
let submitted: Map<string, string>;
let logs: string[];
let archive: Uint8Array | undefined;
let kept: Uint8Array[];
beforeEach(() => {
  step = { id: 'multicloud:1', system: 'MULTICLOUD', state: 'WAITING', attempts: 0 };
  clock = NOON;
  submitted = new Map();
  logs = [];
  archive = undefined;
  kept = [];
});

function move(request: Pick<SubjectRequest, 'id' | 'type'> = REQUEST, dies = false): Promise<void> {
  return moveMulticloudStep({ request, data: DATA }, step, {
    files: {
      submit: async (name, text) => {
        if (!submitted.has(name)) submitted.set(name, text);
      },
      logs: async () => logs,
      archive: async () => archive,
      remove: async (name) => {
        submitted.delete(name);
        logs.length = 0;
      },
    },
    accountId: '30003748347',
    zone: 'Europe/Berlin',
    save: async (next) => {
      step = next;
      if (dies) throw new Error('killed');
    },
    keepArchive: async (content) => void kept.push(content),
    now: () => clock,
  });
}

/** What the platform answers to the file that was laid down. */
async function answer(name: string, failing = ''): Promise<void> {
  const file = readSubmission({ name, text: submitted.get(name) ?? '', today: '2026-11-22' });
  if (file.kind !== 'submission') throw new Error(`expected a file that can be read: ${file.message}`);
  const responses = await processRequests(file.requests, async ({ canonical }) =>
    canonical === failing ? { outcome: 'ERROR', reason: 'busy' } : { outcome: 'SUCCESS' },
  );
  logs.push(executionLogText(file.requests, responses));
}

describe('a file for Multicloud CX', () => {
  it('has the day of its upload, one type and every device, and ends by its log', async () => {
    await move();
    expect(step).toMatchObject({ state: 'SENT', references: [NAME], attempts: 1 });
    expect(JSON.parse(submitted.get(NAME) ?? '')).toEqual({
      requests: [
        {
          requestcase: REQUEST.id,
          type: 'FORGET',
          contacts: [{ phone: '+1 317 555 0142' }, { email: 'ana@example.com' }],
          shortcodes: [],
          accountid: '30003748347',
        },
      ],
    });
    await move();
    expect(step.state).toBe('SENT');
    await answer(NAME);
    await move();
    expect(step.state).toBe('DONE');
    expect([submitted.size, logs]).toEqual([0, []]);
  });

  it('has a name of its own, also beside others of the same second and when it is tried again', async () => {
    const names = new Set<string | undefined>();
    for (const attempts of [0, 1]) {
      for (const id of [REQUEST.id, '01890000-0000-7000-8000-000000000002']) {
        step = { id: 'multicloud:1', system: 'MULTICLOUD', state: 'WAITING', attempts };
        await move({ ...REQUEST, id });
        names.add(step.references?.[0]);
      }
    }
    expect([...names].every((name) => /^forget-20261122_\d{6}\.json$/.test(name ?? ''))).toBe(true);
    expect([names.size, submitted.size]).toEqual([4, 4]);
  });

  it('is laid down once, also after a crash between its name and itself', async () => {
    await expect(move(REQUEST, true)).rejects.toThrow('killed');
    expect([step.state, submitted.size]).toEqual(['SENT', 0]);
    clock += 60_000;
    await move();
    await move();
    expect([...submitted.keys()]).toEqual([NAME]);
  });

  it.each([
    ['a device that failed', () => answer(NAME, 'tel:+13175550142'), 'DEVICE_ERROR'],
    ['no word on a device', async () => void logs.push('{"requests":[],"result":[]}'), 'DEVICE_UNANSWERED'],
    [
      'a refusal',
      async () => void logs.push('{"requests":[],"result":[],"error":"ERROR: MIXED_TYPES"}'),
      'FILE_REFUSED',
    ],
    ['an unreadable log', async () => void logs.push('oops'), 'LOG_UNREADABLE'],
  ])('fails by %s', async (_what, happens, cause) => {
    await move();
    await happens();
    await move();
    expect(step).toMatchObject({ state: 'FAILED', cause });
  });

  it('fails where no log comes in three days', async () => {
    await move();
    clock += 3 * 86_400_000 - 1;
    await move();
    expect(step.state).toBe('SENT');
    clock += 1;
    await move();
    expect(step).toMatchObject({ state: 'FAILED', cause: 'NO_LOG' });
  });

  it('of an export waits for its archive, and keeps it', async () => {
    const request = { ...REQUEST, type: 'ACCESS' } as const;
    const name = submissionName({ type: 'EXPORT', what: `${REQUEST.id} 0` }, NOON, 'Europe/Berlin');
    await move(request);
    await answer(name);
    await move(request);
    expect(step.state).toBe('SENT');
    archive = Uint8Array.of(1, 2);
    await move(request);
    expect([step.state, kept]).toEqual(['DONE', [Uint8Array.of(1, 2)]]);
  });
});
