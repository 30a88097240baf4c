import { describe, expect, it } from 'vitest';
import { Entry } from '../../../../lib/domain/log/entry.ts';
import { changeByFact, isBacklogged, PENDING_LIMIT } from '../../../../lib/domain/state/record-fact.ts';
import { NOON, stateOf as stateAfter, suppression } from '../../../support/facts.ts';
import { PEPPER, tokenOfNumber } from '../../../support/numbers.ts';

const from = {
  token: tokenOfNumber('+12125550100', PEPPER),
  version: 0,
  state: stateAfter(),
  pendingCount: 0,
  pendingBytes: 0,
  sealed: false,
  answers: {},
};
const event = { entryId: '019a9c6e-0000-7000-8000-000000000001', now: NOON };

describe('a backlog', () => {
  it.each([
    { pendingCount: PENDING_LIMIT - 1, pendingBytes: 239_999, backlogged: false },
    { pendingCount: PENDING_LIMIT, pendingBytes: 0, backlogged: true },
    { pendingCount: 1, pendingBytes: 240_000, backlogged: true },
  ])('of $pendingCount entries in $pendingBytes bytes: $backlogged', ({ backlogged, ...waiting }) => {
    expect(isBacklogged(waiting)).toBe(backlogged);
  });
});

describe('the change that a fact makes', () => {
  it('carries the fact and its entry together', () => {
    const change = changeByFact(from, suppression(), event);
    expect(change?.state).toEqual(stateAfter(suppression()));
    expect(Entry.parse(change?.entry)).toEqual({
      kind: 'fact',
      id: event.entryId,
      at: '2026-11-20T15:00:00.000Z',
      subjects: [from.token],
      fact: suppression(),
    });
  });

  it('names the client where one asked', () => {
    expect(changeByFact(from, suppression(), { ...event, client: 'crm' })?.entry.client).toBe('crm');
  });

  it('TB22: is nothing for a redelivery', () => {
    const again = { ...from, state: stateAfter(suppression()) };
    expect(changeByFact(again, suppression(), event)).toBeUndefined();
  });
});
