import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../../../lib/domain/decision/decide.ts';
import { erasureOf } from '../../../../lib/domain/erasure/erasure.ts';
import { Entry } from '../../../../lib/domain/log/entry.ts';
import { DEFAULT_POLICY } from '../../../../lib/domain/policy/default-policy.ts';
import type { ContactPoint } from '../../../../lib/domain/ports.ts';
import { standingHolds } from '../../../../lib/domain/state/position.ts';
import { changeByFact } from '../../../../lib/domain/state/record-fact.ts';
import type { ContactPointState } from '../../../../lib/domain/state/state.ts';
import { contextOf } from '../../../support/contexts.ts';
import { anyFact, consent, DAY_MS, hold, NOON, stateOf, suppression } from '../../../support/facts.ts';
import { PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const COMMAND = { reason: 'SUBJECT_REQUEST', by: 'privacy-2', caseId: 'dsr-17' } as const;
const EVENT = { entryId: '019a9c6e-0000-7000-8000-000000000001', now: NOON, client: 'console' };
const ALL_SCOPES = (['VOICE', 'SMS', 'EMAIL'] as const).flatMap((channel) =>
  (['MARKETING', 'SERVICE', 'COLLECTION'] as const).map((purpose) => ({ channel, purpose, seller: 'acme' })),
);

function known(state: ContactPointState, given: Partial<ContactPoint> = {}): ContactPoint {
  const token = tokenOfNumber('+12125550100', PEPPER);
  return { token, version: 1, state, pendingCount: 0, pendingBytes: 0, sealed: true, answers: {}, ...given };
}

function erased(from: ContactPoint) {
  const erasure = erasureOf(from, COMMAND, EVENT);
  if (erasure.outcome !== 'ERASE') throw new Error(`expected an erasure, got ${erasure.outcome}`);
  return erasure.change;
}

function blocksAll(state: ContactPointState, now: number): boolean {
  return ALL_SCOPES.every((scope) =>
    decide(contextOf({ state, scope, now }), DEFAULT_POLICY, 'DIAL').reasons.some(
      ({ code }) => code === 'SUPPRESSED',
    ),
  );
}

describe('an erasure', () => {
  const said = stateOf(
    suppression({ evidence: { reference: 'recording-7' } }),
    consent({ channel: 'SMS' }),
    consent({ channel: 'SMS', status: 'WITHDRAWN' }),
  );

  test('leaves one suppression by token, for everything and without end, and destroys the key in the same change', () => {
    const { state, entry, destroyKey } = erased(known(said));
    expect(destroyKey).toBe(true);
    expect(state).toEqual({
      suppressions: {
        'ALL#OBJECTION#*#PRIVACY_REQUEST': {
          effectiveAt: NOON,
          firstEffectiveAt: NOON,
          receivedAt: NOON,
          by: 'privacy-2',
          eventId: EVENT.entryId,
        },
      },
      consents: {},
      holds: {},
      attempts: [],
      erasedAt: NOON,
    });
    expect(Entry.parse(entry)).toEqual({
      kind: 'erasure',
      id: EVENT.entryId,
      at: new Date(NOON).toISOString(),
      subjects: [known(said).token],
      client: 'console',
      ...COMMAND,
      erasedAt: NOON,
      destroyed: { dataKey: true, suppressions: 1, consents: 2, events: 0, reviews: 0, attempts: 0 },
      kept: { suppressions: 1, endedHolds: 0 },
    });
  });

  test('of somebody of whom nothing was stored suppresses all the same', () => {
    const { state, entry } = erased(known(stateOf(), { version: 0, sealed: false }));
    expect(blocksAll(state, NOON)).toBe(true);
    expect(entry.destroyed).toMatchObject({ dataKey: false, suppressions: 0 });
  });

  test('X4: a standing hold refuses it; one that has ended is kept', () => {
    const held = stateOf(suppression(), hold());
    expect(erasureOf(known(held), COMMAND, EVENT)).toEqual({ outcome: 'HELD', standingHolds: 1 });
    const ended = stateOf(
      suppression(),
      hold(),
      ...['anna', 'bert'].map((by) => hold({ action: 'RELEASED', by, at: NOON + 1 })),
    );
    const { state, entry } = erased(known(ended));
    expect(state.holds).toEqual(ended.holds);
    expect(entry.kept.endedHolds).toBe(1);
  });

  test('done again changes nothing, but takes what came since', () => {
    const first = erased(known(said)).state;
    expect(erasureOf(known(first, { sealed: false }), COMMAND, { ...EVENT, now: NOON + DAY_MS })).toEqual({
      outcome: 'ERASED_BEFORE',
      erasedAt: NOON,
    });
    // A clear value without a statement is one too many, and so is any later statement.
    expect(erasureOf(known(first), COMMAND, EVENT).outcome).toBe('ERASE');
    const later = changeByFact(
      known(first, { sealed: false }),
      consent({ effectiveAt: NOON + 1, eventId: 'event-2' }),
      EVENT,
    );
    expect(erasureOf(known(later?.state ?? first, { sealed: false }), COMMAND, EVENT).outcome).toBe('ERASE');
  });

  test('is newer than anything that was said, whatever the clock says', () => {
    const ahead = stateOf(consent({ effectiveAt: NOON + 50 }));
    const { state } = erased(known(ahead));
    expect(state.erasedAt).toBe(NOON + 50);
    expect(blocksAll(state, NOON + 60)).toBe(true);
  });

  test('X1: after any history it blocks every contact, and no part of that history brings anything back', () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { maxLength: 12 }),
        fc.array(anyFact, { maxLength: 4 }),
        (past, again) => {
          const before = stateOf(...past);
          fc.pre(standingHolds(before).length === 0);
          const { state } = erased(known(before));
          expect(blocksAll(state, state.erasedAt ?? NOON)).toBe(true);
          for (const fact of [...past, ...again]) {
            const at = fact.kind === 'hold' || fact.kind === 'review' ? fact.at : fact.effectiveAt;
            const change = changeByFact(known(state, { sealed: false }), fact, EVENT);
            if (fact.kind !== 'hold' && at <= (state.erasedAt ?? 0)) expect(change).toBeUndefined();
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a statement made afterwards counts as for anybody', () => {
    const { state } = erased(known(said));
    const grant = consent({
      channel: 'VOICE',
      purpose: 'SERVICE',
      effectiveAt: NOON + 1,
      receivedAt: NOON + 1,
    });
    const change = changeByFact(known(state, { sealed: false }), grant, EVENT);
    const scope = { channel: 'VOICE', purpose: 'SERVICE', seller: 'acme' } as const;
    const { reasons } = decide(
      contextOf({ state: change?.state ?? state, scope, now: NOON + 2 }),
      DEFAULT_POLICY,
      'DIAL',
    );
    expect(reasons.map(({ code }) => code)).not.toContain('SUPPRESSED');
    expect(change?.state.erasedAt).toBe(NOON);
  });
});
