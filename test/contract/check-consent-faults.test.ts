import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckConsentDeps, createCheckConsent } from '../../lambdas/check-consent/check-consent.ts';
import { Answer } from '../../lib/domain/decision/answer.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import type { Change } from '../../lib/domain/ports.ts';
import { EMPTY_STATE } from '../../lib/domain/state/state.ts';
import { apiEvent, CALL, FlatAnswer, HttpAnswer } from '../support/check-consent.ts';
import { CLEAN_REGISTRY } from '../support/contexts.ts';
import { uuid } from '../support/entries.ts';
import { hold, NOON, stateOf } from '../support/facts.ts';
import { type Fault, faulty } from '../support/faulty.ts';
import { MemoryContactPoints } from '../support/memory-contact-points.ts';
import { NUMBERS, PEPPER, tokenOfNumber } from '../support/numbers.ts';
import { recordedTelemetry } from '../support/recorded-telemetry.ts';

const NONE: Fault = { kind: 'NONE' };
const BUDGET_MS = 40;
/** Far beyond the budget, far below the patience of anybody: two cores are shared. */
const DEADLINE_MS = 3_000;

const nothingKnown = {
  token: tokenOfNumber(NUMBERS.newYork, PEPPER),
  ...{ version: 0, state: EMPTY_STATE, pendingCount: 0, pendingBytes: 0, sealed: false, answers: {} },
};
const garbage = fc.constantFrom<unknown>(
  ...[undefined, null, 0, Number.NaN, '', 'ALLOW', true, [], {}, { effect: 'ALLOW' }, { decision: 'ALLOW' }],
  ...[
    { contactPoints: [] },
    { contactPoints: 'none', registries: 'none' },
    { contactPoints: [], registries: [] },
  ],
  { contactPoints: [null], registries: [CLEAN_REGISTRY] },
  { contactPoints: [{ ...nothingKnown, state: {} }], registries: [CLEAN_REGISTRY] },
  { contactPoints: [{ ...nothingKnown, state: null }], registries: [CLEAN_REGISTRY] },
  { contactPoints: [nothingKnown], registries: [] },
  { contactPoints: [nothingKnown], registries: [{}] },
  { contactPoints: [nothingKnown], registries: [{ registry: 'us-national' }] },
  { version: 'p1' },
);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom<Fault>({ kind: 'NONE' }, { kind: 'THROWS' }, { kind: 'REJECTS' }, { kind: 'HANGS' }),
  garbage.map((value): Fault => ({ kind: 'RETURNS', value })),
);
type Faults = Record<'pepper' | 'facts' | 'contactPoints' | 'progress' | 'alerts' | 'telemetry', Fault>;
const noFaults: Faults = {
  ...{ pepper: NONE, facts: NONE, contactPoints: NONE },
  ...{ progress: NONE, alerts: NONE, telemetry: NONE },
};

function system(faults: Faults, held = false, store = new MemoryContactPoints()) {
  if (held) {
    const token = nothingKnown.token;
    store.items.set(token, { ...nothingKnown, version: 1, state: stateOf(hold()) });
  }
  let ids = 0;
  const alerted: number[] = [];
  const deps: CheckConsentDeps = {
    facts: faulty(
      {
        readForDecision: async (tokens, questions) => ({
          contactPoints: await store.read(tokens),
          registries: questions.map(() => CLEAN_REGISTRY),
        }),
      },
      faults.facts,
    ),
    contactPoints: faulty(store, faults.contactPoints),
    progress: faulty({ isLoggedUntil: async () => true }, faults.progress),
    alerts: faulty({ attemptBlocked: async () => void alerted.push(NOON) }, faults.alerts),
    pepper: faulty({ pepper: async () => PEPPER }, faults.pepper).pepper,
    policy: DEFAULT_POLICY,
    residency: 'US',
    budgetMs: BUDGET_MS,
    now: () => NOON,
    newId: () => {
      ids += 1;
      return uuid(ids);
    },
    telemetry: faulty(recordedTelemetry().telemetry, faults.telemetry),
  };
  return { ask: createCheckConsent(deps), store, alerted };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), DEADLINE_MS);
  });
  return await Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

const someFaults = fc.record({
  pepper: fault,
  facts: fault,
  contactPoints: fault,
  progress: fault,
  alerts: fault,
  telemetry: fc.constantFrom<Fault>(NONE, { kind: 'THROWS' }),
});
const isFaulted = ({ pepper, facts, contactPoints, progress }: Faults) =>
  [pepper, facts, contactPoints, progress].some(({ kind }) => kind !== 'NONE');

/** Answers the write of one contact point in its own way. */
class OddContactPoints extends MemoryContactPoints {
  readonly #answers: unknown[];
  readonly #token: string;

  constructor(token: string, ...answers: unknown[]) {
    super();
    this.#token = token;
    this.#answers = answers;
  }

  override async commit(change: Change): Promise<'COMMITTED' | 'CONFLICT'> {
    const isOdd = change.from.token === this.#token && this.#answers.length > 0;
    return isOdd ? JSON.parse(JSON.stringify(this.#answers.shift())) : super.commit(change);
  }
}

describe('fail closed (I5)', () => {
  it('any subset of ports may throw, hang or return garbage: the answer is in time, valid, and BLOCK', async () => {
    await fc.assert(
      fc.asyncProperty(someFaults, fc.boolean(), async (faults, held) => {
        const answer = FlatAnswer.parse(await inTime(system(faults, held).ask(CALL)));
        expect(answer.decision).toBe(isFaulted(faults) || held ? 'BLOCK' : 'ALLOW');
      }),
      { numRuns: 1000 },
    );
  });

  it('the same over HTTP, with status 200', async () => {
    await fc.assert(
      fc.asyncProperty(someFaults, async (faults) => {
        const event = apiEvent(JSON.stringify(CALL), 'dialguard/explain');
        const { body } = HttpAnswer.parse(await inTime(system(faults).ask(event)));
        expect(Answer.parse(JSON.parse(body)).decision).toBe(isFaulted(faults) ? 'BLOCK' : 'ALLOW');
      }),
      { numRuns: 150 },
    );
  });

  it('the same for what cannot be decided', async () => {
    await fc.assert(
      fc.asyncProperty(someFaults, fc.constantFrom({}, { phoneNumber: 'x' }, 'x'), async (faults, input) => {
        const answer = FlatAnswer.parse(await inTime(system(faults).ask(input)));
        expect(answer.decision).toBe('BLOCK');
      }),
      { numRuns: 150 },
    );
  });

  it('EB3, TB3: a store that cannot be read is UNAVAILABLE, one that cannot be written AUDIT_UNAVAILABLE', async () => {
    for (const kind of ['THROWS', 'REJECTS', 'HANGS'] as const) {
      const read = await system({ ...noFaults, facts: { kind } }).ask(CALL);
      expect(read).toMatchObject({ decision: 'BLOCK', reason: 'UNAVAILABLE' });
      const written = await system({ ...noFaults, contactPoints: { kind } }).ask(CALL);
      expect(written).toMatchObject({ decision: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
    }
  });

  it('nothing is allowed where it cannot be found out how far the log has come', async () => {
    for (const progress of [
      { kind: 'THROWS' },
      { kind: 'REJECTS' },
      { kind: 'RETURNS', value: false },
      { kind: 'RETURNS', value: 'perhaps' },
    ] as const) {
      const { ask, store } = system({ ...noFaults, progress });
      expect(await ask(CALL)).toMatchObject({ decision: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
      expect(store.entries.size).toBe(0);
    }
  });

  it('a store that always says CONFLICT ends in BLOCK, also when it never lets go of the thread', async () => {
    const contactPoints: Fault = { kind: 'RETURNS', value: 'CONFLICT' };
    const answer = await inTime(system({ ...noFaults, contactPoints }).ask(CALL));
    expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'AUDIT_UNAVAILABLE' });
  });

  it('a read that leaves a number out is no read of it', async () => {
    const facts: Fault = {
      kind: 'RETURNS',
      value: { contactPoints: [nothingKnown], registries: [CLEAN_REGISTRY, CLEAN_REGISTRY] },
    };
    const answer = await system({ ...noFaults, facts }).ask({ ...CALL, phoneNumber2: NUMBERS.chicago });
    expect(answer).toMatchObject({ decision: 'BLOCK', reason: 'UNAVAILABLE' });
  });

  it("whatever Legal's alert does, a held number is blocked for the hold", async () => {
    for (const alerts of [{ kind: 'THROWS' }, { kind: 'REJECTS' }, { kind: 'HANGS' }] as const) {
      const { ask, store } = system({ ...noFaults, alerts }, true);
      expect(await ask(CALL)).toMatchObject({ reason: 'LITIGATION_HOLD' });
      expect([...store.entries.values()]).toMatchObject([{ legalAlert: 'FAILED' }]);
    }
  });

  it('a write to a further number that answers neither yes nor no is no write', async () => {
    const odd = new OddContactPoints(
      tokenOfNumber(NUMBERS.chicago, PEPPER),
      ...new Array(500).fill('perhaps'),
    );
    const { ask } = system(noFaults, false, odd);
    expect(await ask({ ...CALL, phoneNumber2: NUMBERS.chicago })).toMatchObject({ decision: 'BLOCK' });
  });

  it('an attempt that has to be recorded twice tells Legal once', async () => {
    const { ask, alerted } = system(
      noFaults,
      true,
      new OddContactPoints(nothingKnown.token, 'CONFLICT', 'CONFLICT'),
    );
    expect(await ask(CALL)).toMatchObject({ reason: 'LITIGATION_HOLD' });
    expect(alerted).toHaveLength(1);
  });
});
