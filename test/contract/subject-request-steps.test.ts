import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import { DynamoContactPoints } from '../../lib/adapters/dynamodb/contact-points.ts';
import { DynamoPendingEntries } from '../../lib/adapters/dynamodb/pending-entries.ts';
import { DynamoReviews } from '../../lib/adapters/dynamodb/reviews.ts';
import { createEraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { createRecordFact } from '../../lib/adapters/record-fact.ts';
import { createMoveOwnStep } from '../../lib/adapters/subject-request/own-store.ts';
import { parsePhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import type { Fact } from '../../lib/domain/state/facts.ts';
import type { Step, SubjectData, SubjectRequest } from '../../lib/domain/subject-request/request.ts';
import { startDynalite, TABLES, type TestDynamoDb } from '../support/dynalite.ts';
import { consent, hold, NOON, suppression } from '../support/facts.ts';
import { PEPPER, tokenOfNumber } from '../support/numbers.ts';

let db: TestDynamoDb;
let last = 0;
let numbers: { former: string; next: string };
beforeAll(async () => {
  db = await startDynalite();
});
afterAll(() => db.stop());
beforeEach(() => {
  last += 2;
  const number = (n: number) => `+1317555${String(100 + n).padStart(4, '0')}`;
  numbers = { former: number(last), next: number(last + 1) };
});

const NOW = NOON + 1000;

function world() {
  const contactPoints = new DynamoContactPoints(db.client, TABLES.contactPoints);
  const results = new Map<string, string>();
  const common = {
    contactPoints,
    pepper: async () => PEPPER,
    residency: 'US',
    now: () => NOW,
    newId: uuid,
  } as const;
  const recordFact = createRecordFact({
    ...common,
    kek: async () => ({ version: 'k1', kek: 'x'.repeat(64) }),
  });
  const move = createMoveOwnStep({
    contactPoints,
    recordFact,
    eraseContactPoint: createEraseContactPoint({
      ...common,
      reviews: new DynamoReviews(db.client, TABLES.cases),
    }),
    explainer: new Explainer({
      contactPoints,
      pending: new DynamoPendingEntries(db.client, TABLES.contactPoints),
      objects: { lines: async function* () {} },
      policies: { find: async () => undefined },
      now: () => NOW,
    }),
    keepResult: async ({ name }, content) => {
      results.set(name, Buffer.from(content).toString('utf8'));
    },
    pepper: common.pepper,
  });
  return {
    results,
    async say(number: string, ...facts: Fact[]) {
      const phone = parsePhoneNumber(number);
      if (phone.kind === 'unreadable') throw new Error('expected a number');
      for (const fact of facts) await recordFact(phone, () => fact);
    },
    async state(number: string) {
      const [found] = await contactPoints.read([tokenOfNumber(number, PEPPER)]);
      if (found === undefined) throw new Error('expected a contact point');
      return found;
    },
    async act(type: SubjectRequest['type'], replacements: SubjectData['replacements'] = []): Promise<Step> {
      let kept: Step = { id: 'dialguard:1', system: 'DIALGUARD', state: 'WAITING', attempts: 0 };
      const stored = {
        request: requestOf(type),
        data: { identifiers: [{ kind: 'PHONE' as const, value: numbers.former }], replacements, found: [] },
      };
      await move(stored, kept, async (step) => {
        kept = step;
      });
      return kept;
    },
  };
}

function requestOf(type: SubjectRequest['type']): SubjectRequest {
  return {
    id: '01890000-0000-7000-8000-000000000001',
    version: 5,
    type,
    state: 'RUNNING',
    received: { by: 'officer-1', at: NOON },
    receivedOn: '2026-11-20',
    approval: { by: 'officer-2', at: NOON, subjects: [] },
    tokens: [tokenOfNumber(numbers.former, PEPPER)],
    steps: [],
  };
}

describe('in our own store', () => {
  it('an erasure leaves one suppression and no clear value, also of somebody who was never seen', async () => {
    const { say, act, state } = world();
    await say(numbers.former, consent({ seller: 'acme' }));
    expect(await act('ERASURE')).toMatchObject({ state: 'DONE', attempts: 1 });
    const after = await state(numbers.former);
    expect(Object.keys(after.state.suppressions)).toEqual(['ALL#OBJECTION#*#PRIVACY_REQUEST']);
    expect([after.sealed, after.state.consents]).toEqual([false, {}]);
    expect(await act('ERASURE')).toMatchObject({ state: 'DONE' });
    expect((await state(numbers.former)).version).toBe(after.version);
  });

  it('a litigation hold keeps everything', async () => {
    const { say, act, state } = world();
    await say(numbers.former, consent({ seller: 'acme' }), hold());
    const before = await state(numbers.former);
    expect(await act('ERASURE')).toMatchObject({ state: 'HELD', cause: 'LITIGATION_HOLD' });
    expect((await state(numbers.former)).state).toEqual(before.state);
  });

  it.each([
    ['OBJECTION', 'ALL#OBJECTION#*#PRIVACY_REQUEST'],
    ['RESTRICTION', 'ALL#INTERNAL_POLICY#*#PRIVACY_REQUEST'],
  ] as const)('%s is a suppression from when it was heard, once', async (type, key) => {
    const { act, state } = world();
    await act(type);
    await act(type);
    const { state: stands, version } = await state(numbers.former);
    expect(stands.suppressions[key]).toMatchObject({ effectiveAt: NOON, by: 'officer-1' });
    expect(version).toBe(1);
  });

  it('a rectification carries what was said to the new number, and takes it from the old one', async () => {
    const { say, act, state } = world();
    await say(numbers.former, suppression({ seller: 'acme' }), consent({ seller: 'acme' }));
    const { state: before } = await state(numbers.former);
    const replacement = { kind: 'PHONE', existing: numbers.former, updated: numbers.next } as const;
    expect(await act('RECTIFICATION', [replacement])).toMatchObject({ state: 'DONE' });
    expect((await state(numbers.next)).state).toMatchObject({
      suppressions: before.suppressions,
      consents: before.consents,
    });
    const former = await state(numbers.former);
    expect(former.state.consents).toEqual({});
    expect(Object.keys(former.state.suppressions)).toEqual(['ALL#OBJECTION#*#PRIVACY_REQUEST']);
    const { version } = await state(numbers.next);
    expect(await act('RECTIFICATION', [replacement])).toMatchObject({ state: 'DONE' });
    expect((await state(numbers.next)).version).toBe(version);
  });

  it('an access request gets everything that is held, but for a hold', async () => {
    const { say, act, results } = world();
    await say(numbers.former, suppression({ seller: 'acme' }), hold());
    expect(await act('ACCESS')).toMatchObject({ state: 'DONE', cause: 'WITHHELD_FOR_LEGAL_CLAIMS' });
    expect(JSON.parse(results.get('dialguard-1.json') ?? '')).toMatchObject({
      contactPoint: `tel:${numbers.former}`,
      statements: { suppressions: [{ seller: 'acme' }] },
      history: [{ what: 'suppression' }],
    });
    const [columns, ...rows] = results.get('dialguard-1-statements.csv')?.trimEnd().split('\r\n') ?? [];
    expect(columns).toMatch(/^"contactPoint","kind","said","channel"/);
    expect(rows).toEqual([expect.stringContaining('"acme"')]);
    expect([...results.keys()]).toEqual(['dialguard-1.json', 'dialguard-1-statements.csv']);
  });
});
