import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING } from '../../lib/adapters/audit-log/entries.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoSubjectRequests } from '../../lib/adapters/dynamodb/subject-requests.ts';
import { advance, type RequestEvent } from '../../lib/domain/subject-request/advance.ts';
import type { SubjectData, SubjectRequest } from '../../lib/domain/subject-request/request.ts';
import { requestEntry } from '../../lib/domain/subject-request/request-entry.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';

const KEK = { version: 'k1', kek: 'x'.repeat(64) };
const CANARY = '+13175550142';
const DATA: SubjectData = { identifiers: [{ kind: 'PHONE', value: CANARY }], replacements: [], found: [] };
const CHECKED: RequestEvent = { kind: 'IDENTITY_CHECKED', by: 'officer-1', at: 2, method: 'CALL_BACK' };

let db: TestDynamoDb;
let ids = 0;
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());

function newId(): string {
  ids += 1;
  return `01890000-0000-7000-8000-${String(ids).padStart(12, '0')}`;
}

/** A store whose way to the log can be cut. */
function newStore() {
  const contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  const state = { cut: false, keptBack: 0 };
  const requests = new DynamoSubjectRequests({
    client: db.client,
    table: TABLES.cases,
    contactPoints: {
      record: async (entry, now) => {
        if (state.cut) throw new Error('the table is down');
        await contactPoints.record(entry, now);
      },
    },
    kek: async () => KEK,
    keptBack: () => {
      state.keptBack += 1;
    },
    now: () => 1,
  });
  return { requests, state };
}

function newRequest(): SubjectRequest {
  return {
    id: newId(),
    version: 1,
    type: 'ERASURE',
    state: 'RECEIVED',
    received: { by: 'officer-1', at: 1 },
    receivedOn: '2026-11-22',
    tokens: [],
    steps: [],
  };
}

function changeBy(request: SubjectRequest, event: RequestEvent) {
  const next = advance(request, event);
  return { request: next, entry: requestEntry(next, event, { id: newId() }) };
}

/** Events of a request that wait for the log. */
async function waiting(requestId: string): Promise<readonly string[]> {
  const { entries } = await new DynamoPendingEntries(db.client, TABLES.contactPoints).collect(EVERYTHING);
  return entries.flatMap(({ entry }) =>
    entry.kind === 'subject-request' && entry.requestId === requestId ? [entry.event] : [],
  );
}

describe('a kept request', () => {
  it('comes back as it was, with its data', async () => {
    const { requests } = newStore();
    const request = newRequest();
    expect(await requests.create({ request, data: DATA })).toBe('CREATED');
    expect(await requests.read(request.id)).toEqual({ request, data: DATA });
    expect(await requests.create({ request: { ...request, type: 'ACCESS' }, data: DATA })).toBe('EXISTS');
    expect((await requests.read(request.id))?.request.type).toBe('ERASURE');
    expect(await requests.read(newId())).toBeUndefined();
  });

  it('is changed by one of two who read the same version', async () => {
    const { requests } = newStore();
    const request = newRequest();
    await requests.create({ request, data: DATA });
    const outcomes = await Promise.all([1, 2].map(() => requests.save(changeBy(request, CHECKED))));
    expect(outcomes.toSorted()).toEqual(['CONFLICT', 'SAVED']);
    expect(await waiting(request.id)).toEqual(['IDENTITY_CHECKED']);
    expect((await requests.read(request.id))?.data).toEqual(DATA);
  });

  it('has its entry even if the way to the log was cut, once', async () => {
    const { requests, state } = newStore();
    const request = newRequest();
    await requests.create({ request, data: DATA });
    state.cut = true;
    expect(await requests.save(changeBy(request, CHECKED))).toBe('SAVED');
    expect([state.keptBack, await waiting(request.id)]).toEqual([1, []]);
    await expect(requests.logOverdue()).rejects.toThrow('down');
    state.cut = false;
    expect(await requests.logOverdue()).toBe(1);
    expect(await requests.logOverdue()).toBe(0);
    expect(await waiting(request.id)).toEqual(['IDENTITY_CHECKED']);
  });

  it('is unreadable once its data is destroyed, and holds nothing in clear before', async () => {
    const { requests } = newStore();
    const request = newRequest();
    await requests.create({ request, data: DATA });
    const { Items } = await db.client.send(new ScanCommand({ TableName: TABLES.cases }));
    const texts = JSON.stringify(Items, (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(texts).toContain(request.id);
    expect(texts).not.toContain(CANARY.slice(1));
    await requests.save({ ...changeBy(request, CHECKED), data: 'DESTROYED' });
    const kept = await requests.read(request.id);
    expect(kept).toMatchObject({ request: { state: 'IDENTITY_CHECKED' }, data: undefined });
    const { Item } = await db.client.send(
      new GetItemCommand({
        TableName: TABLES.cases,
        Key: { pk: { S: 'subject-request' }, sk: { S: request.id } },
      }),
    );
    expect(Object.keys(Item ?? {}).toSorted()).toEqual(['pk', 'request', 'sk', 'toLog', 'version']);
  });

  it('is among all requests, in the order in which they came', async () => {
    const { requests } = newStore();
    const made = [newRequest(), newRequest(), newRequest()];
    for (const request of made) await requests.create({ request, data: DATA });
    expect((await requests.all()).map(({ id }) => id).slice(-3)).toEqual(made.map(({ id }) => id));
  });
});
