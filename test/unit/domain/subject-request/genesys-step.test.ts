import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGenesysApi } from '../../../../lib/adapters/genesys/cloud-api.ts';
import { HttpGenesysGdpr } from '../../../../lib/adapters/genesys/gdpr.ts';
import type { GdprAsk } from '../../../../lib/domain/subject-request/genesys-gdpr.ts';
import { moveGenesysStep } from '../../../../lib/domain/subject-request/genesys-step.ts';
import type { Step } from '../../../../lib/domain/subject-request/request.ts';
import {
  createGdprPlatform,
  type FakePlatform,
  type FakeWorld,
} from '../../../support/genesys-cloud/gdpr-platform.ts';
import {
  CLIENT,
  type FakeServer,
  type Fault,
  startFakeServer,
} from '../../../support/genesys-cloud/server.ts';

const ASK: GdprAsk = {
  requestType: 'GDPR_DELETE',
  target: { externalContactId: 'ec-0' },
  mergeSet: ['ec-0', 'ec-1', 'ec-2'],
  replacements: [],
};
const WAITING: Step = { id: 'genesys:subject-1', system: 'GENESYS_CLOUD', state: 'WAITING', attempts: 0 };

let fake: FakeServer;
let platform: FakePlatform;
let results: Map<number, string>;
let everyMs: number;
let clock = Date.parse('2026-11-22T12:00:00Z');
const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    expect(server.violations).toEqual([]);
    await server.close();
  }
});

async function begin(world: Partial<FakeWorld> = {}) {
  results = new Map();
  everyMs = 60_000;
  platform = createGdprPlatform({ records: [], url: () => fake.url, now: () => clock, ...world });
  fake = await startFakeServer(platform.routes);
  servers.push(fake);
}

/** Runs the step each minute or as often as told, as a schedule does; `dies` says at which saves the process is killed after saving. */
async function run(
  ask: GdprAsk,
  dies: (save: number) => boolean = () => false,
  from: Step = WAITING,
): Promise<Step> {
  let kept = from;
  let saves = 0;
  for (let minute = 0; minute < 60 && kept.state !== 'DONE' && kept.state !== 'FAILED'; minute += 1) {
    clock += everyMs;
    const api = createGenesysApi({
      apiUrl: fake.url,
      loginUrl: fake.url,
      credentials: async () => CLIENT,
      rate: { burst: 1000, perSecond: 1000 },
      now: () => clock,
      wait: async (ms) => {
        clock += ms;
      },
      random: () => 0,
      timeoutMs: 5000,
    });
    const save = async (step: Step) => {
      kept = step;
      saves += 1;
      if (dies(saves)) throw new Error('killed');
    };
    const deps = {
      gdpr: new HttpGenesysGdpr(api, 5000),
      save,
      keepResult: async (number: number, content: Uint8Array) =>
        void results.set(number, Buffer.from(content).toString()),
      now: () => clock,
    };
    await moveGenesysStep(kept, ask, deps).catch(() => undefined);
  }
  return kept;
}

/** The step of a request that is tried again. */
function again({ id, system, attempts, references = [] }: Step): Step {
  return { id, system, attempts, state: 'WAITING', former: references };
}

describe('a request to Genesys Cloud', () => {
  beforeEach(() => begin());

  it('is made once and followed to its end', async () => {
    expect(await run(ASK)).toMatchObject({ state: 'DONE', attempts: 1, references: ['gdpr-1'] });
    expect(platform.requests).toHaveLength(1);
  });

  it.each([
    ['was taken, though no answer came', { kind: 'NO_ANSWER', acted: true }, 1],
    ['was taken, though 503 came', { kind: 'STATUS', status: 503, acted: true }, 1],
    ['was not taken, and no answer came', { kind: 'NO_ANSWER' }, 2],
    ['was not taken, and 503 came', { kind: 'STATUS', status: 503 }, 2],
  ] as const)('that %s is on the platform once', async (_what, fault, attempts) => {
    fake.fail({ method: 'POST', ...fault });
    expect(await run(ASK)).toMatchObject({ state: 'DONE', attempts });
    expect(platform.requests).toHaveLength(1);
  });

  it.each([1, 2, 3])('survives a kill at save %i', async (at) => {
    expect(await run(ASK, (save) => save === at)).toMatchObject({ state: 'DONE' });
    expect(platform.requests).toHaveLength(1);
  });

  it('waits where no token comes, since nothing was asked', async () => {
    const down = { kind: 'STATUS', status: 503, path: /token/ } as const;
    fake.fail(down, { kind: 'NO_ANSWER', path: /token/ }, { ...down, status: 429 });
    expect(await run(ASK)).toMatchObject({ state: 'DONE', attempts: 1 });
    expect(platform.requests).toHaveLength(1);
  });

  it('is refused for good where the platform refuses it', async () => {
    fake.fail({ method: 'POST', kind: 'STATUS', status: 403 });
    expect(await run(ASK)).toMatchObject({ state: 'FAILED', cause: 'GENESYS_REFUSED' });
  });
});

describe('a request for a merge set', () => {
  it('ends when all related requests have ended, and fails if one of them did', async () => {
    await begin({ mergeSets: { 'ec-0': ['ec-0', 'ec-1', 'ec-2'] }, ends: { 'ec-1': 'ERROR_ONCE' } });
    const failed = await run(ASK);
    expect(failed).toMatchObject({
      state: 'FAILED',
      cause: 'GENESYS_ERROR',
      references: ['gdpr-1', 'gdpr-2', 'gdpr-3'],
    });
    expect(platform.requests.map(({ status }) => status)).toEqual(['COMPLETED', 'ERROR', 'COMPLETED']);
    expect(await run(ASK, () => false, again(failed))).toMatchObject({ state: 'DONE', attempts: 2 });
    expect([...platform.deleted].toSorted()).toEqual(['ec-0', 'ec-1', 'ec-2']);
  });

  it.each(['ANSWER', 'NOWHERE'] as const)(
    'whose answer was lost is found with all its contacts (related requests told: %s)',
    async (related) => {
      await begin({
        mergeSets: { 'ec-0': ['ec-0', 'ec-1', 'ec-2'] },
        ends: { 'ec-1': 'ERROR_ONCE' },
        related,
      });
      fake.fail({ method: 'POST', kind: 'NO_ANSWER', acted: true });
      const failed = await run(ASK);
      expect(failed).toMatchObject({ state: 'FAILED', references: ['gdpr-1', 'gdpr-2', 'gdpr-3'] });
      // Tried again at once: what was asked before, and ended, is not taken for this attempt.
      clock -= 240_000;
      fake.fail({ method: 'POST', kind: 'NO_ANSWER', acted: true });
      expect(await run(ASK, () => false, again(failed))).toMatchObject({
        state: 'DONE',
        references: ['gdpr-4', 'gdpr-5', 'gdpr-6'],
      });
      expect(platform.deleted).toEqual(new Set(['ec-0', 'ec-1', 'ec-2']));
    },
  );

  it('does not end before the requests that nobody tells of can be listed', async () => {
    await begin({
      mergeSets: { 'ec-0': ['ec-0', 'ec-1'] },
      ends: { 'ec-1': 'ERROR_ONCE' },
      ...{ related: 'NOWHERE', listedAfterMs: 90_000 },
    });
    everyMs = 10_000;
    expect(await run(ASK)).toMatchObject({ state: 'FAILED', references: ['gdpr-1', 'gdpr-2'] });
  });

  it('of an export keeps every file of every request', async () => {
    await begin({
      records: ['ec-0', 'ec-1'].map((externalContactId) => ({ subject: { externalContactId }, terms: {} })),
      mergeSets: { 'ec-0': ['ec-0', 'ec-1'] },
      resultFiles: 2,
    });
    expect(await run({ ...ASK, requestType: 'GDPR_EXPORT' })).toMatchObject({ state: 'DONE' });
    expect([...results].map(([number, text]) => [number, JSON.parse(text).records])).toEqual([
      [1, [{ externalContactId: 'ec-0' }]],
      [2, [{ externalContactId: 'ec-0' }]],
      [3, [{ externalContactId: 'ec-1' }]],
      [4, [{ externalContactId: 'ec-1' }]],
    ]);
  });
});

describe('whatever fails and is killed', () => {
  it('leaves every subject asked for once, none twice, none lost', async () => {
    const fault = fc.record({
      kind: fc.constant<Fault['kind']>('STATUS'),
      status: fc.constantFrom(429, 503, 504),
      acted: fc.boolean(),
    });
    const cut = fc.record({ kind: fc.constant<Fault['kind']>('NO_ANSWER'), acted: fc.boolean() });
    // A rate limit refuses before anything is done.
    const faults = fc
      .array(fc.oneof(fault, cut), { maxLength: 12 })
      .map((all): Fault[] =>
        all.map((each) => ('status' in each && each.status === 429 ? { ...each, acted: false } : each)),
      );
    await fc.assert(
      fc.asyncProperty(faults, fc.uniqueArray(fc.integer({ min: 1, max: 8 })), async (wrong, kills) => {
        await begin();
        fake.fail(...wrong);
        const end = await run(ASK, (save) => kills.includes(save));
        expect(end.state).toBe('DONE');
        expect(platform.requests).toHaveLength(1);
        expect(platform.deleted).toEqual(new Set(['ec-0']));
      }),
      { numRuns: 20 },
    );
  });
});
