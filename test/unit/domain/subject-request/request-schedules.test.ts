import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGenesysApi } from '../../../../lib/adapters/genesys/cloud-api.ts';
import { HttpGenesysGdpr } from '../../../../lib/adapters/genesys/gdpr.ts';
import { createMoveGenesysStep } from '../../../../lib/adapters/subject-request/genesys.ts';
import { advance } from '../../../../lib/domain/subject-request/advance.ts';
import type { SubjectData, SubjectRequest } from '../../../../lib/domain/subject-request/request.ts';
import {
  type MoveStep,
  type RunRequestDeps,
  runRequest,
} from '../../../../lib/domain/subject-request/run-request.ts';
import type { StoredRequest } from '../../../../lib/domain/subject-request/subject-requests.ts';
import { createGdprPlatform, type FakePlatform } from '../../../support/genesys-cloud/gdpr-platform.ts';
import {
  CLIENT,
  type FakeServer,
  type Fault,
  startFakeServer,
} from '../../../support/genesys-cloud/server.ts';

const ID = '01890000-0000-7000-8000-000000000001';
const DATA: SubjectData = {
  identifiers: [
    { kind: 'PHONE', value: '+13175550142' },
    { kind: 'EMAIL', value: 'ana@example.com' },
  ],
  replacements: [],
  found: [],
};
const CONTACT_LIST = '5f0a2a44-0000-4000-8000-000000000001';
const both = { PHONE: '+13175550142', EMAIL: 'ana@example.com' };
const dialer = (id: string) => ({
  subject: { dialerContactId: { id, contactListId: CONTACT_LIST } },
  terms: both,
});
/** A merge set of which each identifier finds another contact, and two contacts of a list. */
const RECORDS = [
  { subject: { externalContactId: 'ec-1' }, terms: { PHONE: both.PHONE } },
  { subject: { externalContactId: 'ec-2' }, terms: { EMAIL: both.EMAIL } },
  dialer('dc-1'),
  dialer('dc-2'),
];
const MERGE_SETS = { 'ec-0': ['ec-0', 'ec-1', 'ec-2'] };

type World = {
  stored: StoredRequest;
  clock: number;
  platform: FakePlatform;
  /** What an export found, by the name under which it is kept. */
  results: Map<string, string>;
};

let world: World;
let fake: FakeServer;
beforeAll(async () => {
  fake = await startFakeServer(
    createGdprPlatform({ records: [], url: () => '', now: () => 0 }).routes.map((route, position) => ({
      ...route,
      // Each schedule has an organization of its own, behind the same port.
      answer: (...call) => world.platform.routes[position]?.answer(...call) ?? { status: 500, body: '' },
    })),
  );
});
afterAll(async () => {
  expect(fake.violations).toEqual([]);
  await fake.close();
});

function begin(type: 'ERASURE' | 'ACCESS', related: 'ANSWER' | 'NOWHERE', failing: string): void {
  const request: SubjectRequest = {
    ...{ id: ID, version: 1, type, state: 'IDENTITY_CHECKED', tokens: [], steps: [] },
    ...{ received: { by: 'officer-1', at: 1 }, receivedOn: '2026-11-22' },
    identity: { by: 'officer-1', at: 2, method: 'CALL_BACK' },
  };
  const clock = Date.parse('2026-11-22T12:00:00Z');
  const platform = createGdprPlatform({
    ...{
      records: RECORDS,
      mergeSets: MERGE_SETS,
      related,
      ends: { [failing]: 'ERROR_ONCE' },
      listedAfterMs: 90_000,
    },
    ...{ url: () => fake.url, now: () => world.clock },
  });
  world = { stored: { request, data: DATA }, clock, platform, results: new Map() };
}

const nothingHere: MoveStep = async () => {
  throw new Error('expected no step but those of Genesys Cloud');
};

/** One process, which dies at an effect: from then on nothing of it gets through. */
function process(diesAt: { readonly effect: number; readonly when: 'BEFORE' | 'AFTER' } | undefined) {
  let effects = 0;
  const effect = async <T>(run: () => Promise<T>): Promise<T> => {
    effects += 1;
    const isLast = effects === diesAt?.effect;
    if (effects > (diesAt?.effect ?? Number.POSITIVE_INFINITY)) throw new Error('killed');
    if (isLast && diesAt?.when === 'BEFORE') throw new Error('killed');
    const result = await run();
    if (isLast) throw new Error('killed');
    return result;
  };
  const gdpr = new HttpGenesysGdpr(apiOf(), 5000);
  const now = () => world.clock;
  const deps: RunRequestDeps = {
    requests: {
      read: async () => world.stored,
      save: ({ request, data }) =>
        effect(async () => {
          if (request.version !== world.stored.request.version + 1) return 'CONFLICT';
          world.stored = { request, data: data === 'DESTROYED' ? undefined : (data ?? world.stored.data) };
          return 'SAVED';
        }),
    },
    gdpr: {
      findSubjects: (identifier) => effect(() => gdpr.findSubjects(identifier)),
      canonicalContact: (id) => effect(() => gdpr.canonicalContact(id)),
    },
    systems: { genesysCloud: true, multicloud: false },
    move: {
      DIALGUARD: nothingHere,
      MULTICLOUD: nothingHere,
      GENESYS_CLOUD: createMoveGenesysStep({
        gdpr: {
          findSubjects: gdpr.findSubjects.bind(gdpr),
          canonicalContact: gdpr.canonicalContact.bind(gdpr),
          submit: (ask) => effect(() => gdpr.submit(ask)),
          read: (id) => effect(() => gdpr.read(id)),
          submittedSince: (since) => effect(() => gdpr.submittedSince(since)),
          results: (request) => effect(() => gdpr.results(request)),
        },
        keepResult: ({ name }, content) =>
          effect(async () => void world.results.set(name, Buffer.from(content).toString())),
        now,
      }),
    },
    now,
    newId: () => ID,
  };
  return () => runRequest(ID, deps).catch(() => undefined);
}

function apiOf() {
  return createGenesysApi({
    apiUrl: fake.url,
    loginUrl: fake.url,
    credentials: async () => CLIENT,
    rate: { burst: 1000, perSecond: 1000 },
    now: () => world.clock,
    wait: async (ms) => {
      world.clock += ms;
    },
    random: () => 0,
    timeoutMs: 5000,
  });
}

type Schedule = {
  readonly faults: readonly Fault[];
  /** Of each round: how many runners there are at once, and where the first of them dies. */
  readonly rounds: readonly { readonly runners: number; readonly dies: Parameters<typeof process>[0] }[];
};

/** Runs each minute, until nothing moves any more. */
async function runOut(rounds: Schedule['rounds']): Promise<void> {
  const isOpen = () => !['AWAITING_REVIEW', 'COMPLETED', 'PARTIAL'].includes(world.stored.request.state);
  for (let minute = 0; minute < 60 && isOpen(); minute += 1) {
    world.clock += 60_000;
    const { runners, dies } = rounds[minute] ?? { runners: 1, dies: undefined };
    const started = Array.from({ length: runners }, (_, runner) => process(runner === 0 ? dies : undefined));
    await Promise.all(started.map((run) => run()));
  }
}

function approveAll(): void {
  const { request, data } = world.stored;
  const subjects = (data?.found ?? []).map(({ key }) => key);
  const event = { kind: 'APPROVED', by: 'officer-2', at: world.clock, subjects } as const;
  world.stored = { request: advance(request, event, data?.found), data };
}

const fault = fc.oneof(
  fc.constant<Fault>({ kind: 'STATUS', status: 429 }),
  fc.constant<Fault>({ kind: 'STATUS', status: 503, path: /token/ }),
  fc.record({ kind: fc.constant('NO_ANSWER' as const), acted: fc.boolean() }),
  fc.record({
    kind: fc.constant('STATUS' as const),
    status: fc.constantFrom(503, 504),
    acted: fc.boolean(),
  }),
  // The submission itself, which is what can be made twice or lost.
  fc.record({ kind: fc.constant('NO_ANSWER' as const), acted: fc.boolean(), method: fc.constant('POST') }),
);
const schedule: fc.Arbitrary<Schedule> = fc.record({
  faults: fc.array(fault, { maxLength: 10 }),
  rounds: fc.array(
    fc.record({
      runners: fc.constantFrom(1, 1, 2, 3),
      dies: fc.option(
        fc.record({
          effect: fc.integer({ min: 1, max: 9 }),
          when: fc.constantFrom('BEFORE' as const, 'AFTER' as const),
        }),
        { nil: undefined },
      ),
    }),
    { maxLength: 8 },
  ),
});

/** What the platform took, related requests apart: one for each subject that was asked for. */
const asked = () =>
  world.platform.requests
    .map(({ subject }) => subject.externalContactId ?? subject.dialerContactId?.id)
    .toSorted();

describe('a whole request, whatever fails, dies or runs at the same time', () => {
  it('asks for every subject once, and tells exactly what is left', async () => {
    const related = fc.constantFrom('ANSWER' as const, 'NOWHERE' as const);
    const failing = fc.constantFrom('ec-1', 'dc-2');
    const types = fc.constantFrom('ERASURE' as const, 'ACCESS' as const);
    await fc.assert(
      fc.asyncProperty(schedule, types, related, failing, async ({ faults, rounds }, type, told, fails) => {
        begin(type, told, fails);
        fake.fail(...faults);
        await runOut(rounds);
        expect(world.stored.request.state).toBe('AWAITING_REVIEW');
        expect(world.stored.data?.found.map(({ verdict }) => verdict)).toEqual([
          'MATCHED',
          'MATCHED',
          'MATCHED',
        ]);
        expect(asked()).toEqual([]);
        approveAll();
        await runOut(rounds);
        const once = ['dc-1', 'dc-2', 'ec-0', 'ec-1', 'ec-2'];
        expect(asked()).toEqual(once);
        const left = fails === 'ec-1' ? 0 : 2;
        expect(world.stored.request).toMatchObject({ state: 'PARTIAL' });
        expect(world.stored.request.steps.map(({ state }) => state)).toEqual(
          [0, 1, 2].map((step) => (step === left ? 'FAILED' : 'DONE')),
        );
        world.stored = { ...world.stored, request: advance(world.stored.request, RETRIED) };
        await runOut(rounds);
        expect(world.stored.request.state).toBe('COMPLETED');
        const again = left === 0 ? ['ec-0', 'ec-1', 'ec-2'] : ['dc-2'];
        expect(asked()).toEqual([...once, ...again].toSorted());
        const [deleted, found] = type === 'ERASURE' ? [once, []] : [[], FOUND];
        expect(world.stored.data === undefined).toBe(type === 'ERASURE');
        expect([...world.platform.deleted].toSorted()).toEqual(deleted);
        expect([...world.results.keys()].toSorted()).toEqual(found);
      }),
      { numRuns: 25 },
    );
  });
});

/** A file for each contact of the merge set, and one for each contact of a list. */
const FOUND = [
  ...[1, 2, 3].map((file) => `genesys-subject-1-${file}`),
  'genesys-subject-2-1',
  'genesys-subject-3-1',
];
const RETRIED = { kind: 'RETRIED', by: 'officer-2', at: 1 } as const;
