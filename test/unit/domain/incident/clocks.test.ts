import { describe, expect, it } from 'vitest';
import {
  ClockRow,
  type ClockState,
  clockRows,
  clocksOf,
  isOver,
} from '../../../../lib/domain/incident/clocks.ts';
import type { Incident } from '../../../../lib/domain/incident/incident.ts';
import { DAY, HOUR, incidentOf, KNOWN } from '../../../support/incidents.ts';

function dueOf(changes: Partial<Incident>, rows = clockRows()): Record<string, number | undefined> {
  const clocks = clocksOf(incidentOf(changes), rows, KNOWN);
  return Object.fromEntries(
    clocks.map(({ id, dueAt }) => [id, dueAt === undefined ? undefined : dueAt - KNOWN]),
  );
}

function stateOf(id: string, changes: Partial<Incident>, now: number): ClockState | undefined {
  return clocksOf(incidentOf(changes), clockRows(), now).find((clock) => clock.id === id)?.state;
}

describe('the clocks of an incident', () => {
  it.each<{ of: string; changes: Partial<Incident>; due: Record<string, number | undefined> }>([
    {
      of: 'a risk: the authority within 72 hours',
      changes: { risk: 'RISK' },
      due: { 'gdpr-authority': 72 * HOUR },
    },
    {
      of: 'a high risk: people too, without a number',
      changes: { risk: 'HIGH' },
      due: { 'gdpr-authority': 72 * HOUR, 'gdpr-persons': undefined },
    },
    { of: 'no risk', changes: { risk: 'UNLIKELY' }, due: {} },
    {
      of: 'a risk nobody has judged',
      changes: {},
      due: { 'gdpr-authority': 72 * HOUR, 'gdpr-persons': undefined },
    },
    { of: 'a processor', changes: { role: 'PROCESSOR' }, due: { 'gdpr-controller': undefined } },
    {
      of: 'the United Kingdom',
      changes: { jurisdictions: ['GB'], risk: 'HIGH' },
      due: { 'uk-gdpr-authority': 72 * HOUR, 'uk-gdpr-persons': undefined },
    },
    {
      of: 'California',
      changes: { jurisdictions: ['US-CA'], persons: 501 },
      due: { 'us-ca-persons': 30 * DAY, 'us-ca-attorney-general': undefined },
    },
    {
      of: 'California, people told after ten days',
      changes: { jurisdictions: ['US-CA'], persons: 501, notifiedAt: KNOWN + 10 * DAY },
      due: { 'us-ca-attorney-general': 25 * DAY, 'us-ca-persons': 30 * DAY },
    },
    {
      of: '500 people in California',
      changes: { jurisdictions: ['US-CA'], persons: 500 },
      due: { 'us-ca-persons': 30 * DAY },
    },
    {
      of: '500 people in Colorado',
      changes: { jurisdictions: ['US-CO'], persons: 500 },
      due: { 'us-co-persons': 30 * DAY, 'us-co-attorney-general': 30 * DAY },
    },
    {
      of: '499 people in Colorado',
      changes: { jurisdictions: ['US-CO'], persons: 499 },
      due: { 'us-co-persons': 30 * DAY },
    },
    {
      of: '500 people in Florida',
      changes: { jurisdictions: ['US-FL'], persons: 500 },
      due: { 'us-fl-persons': 30 * DAY, 'us-fl-legal-affairs': 30 * DAY },
    },
    {
      of: 'Florida, for somebody else',
      changes: { jurisdictions: ['US-FL'], role: 'PROCESSOR' },
      due: { 'us-fl-covered-entity': 10 * DAY },
    },
    {
      of: 'New York, one person',
      changes: { jurisdictions: ['US-NY'], persons: 1 },
      due: { 'us-ny-persons': 30 * DAY, 'us-ny-authorities': 30 * DAY },
    },
    {
      of: '250 people in Texas',
      changes: { jurisdictions: ['US-TX'], persons: 250 },
      due: { 'us-tx-attorney-general': 30 * DAY, 'us-tx-persons': 60 * DAY },
    },
    {
      of: '249 people in Texas',
      changes: { jurisdictions: ['US-TX'], persons: 249 },
      due: { 'us-tx-persons': 60 * DAY },
    },
    {
      of: 'Washington, nobody knows how many',
      changes: { jurisdictions: ['US-WA'] },
      due: { 'us-wa-persons': 30 * DAY, 'us-wa-attorney-general': 30 * DAY },
    },
    {
      of: 'another state: a duty without a number',
      changes: { jurisdictions: ['US-OH'] },
      due: { 'us-other-persons': undefined },
    },
    {
      of: 'another state, for somebody else',
      changes: { jurisdictions: ['US-OH'], role: 'PROCESSOR' },
      due: { 'us-other-owner': undefined },
    },
    {
      of: 'payment cards',
      changes: { risk: 'UNLIKELY', dataElements: ['PAYMENT_CARD'] },
      due: { 'card-brands': undefined },
    },
    { of: 'a country of which nothing is known', changes: { jurisdictions: ['BR'] }, due: {} },
  ])('are the law of $of', ({ changes, due }) => {
    expect(dueOf(changes)).toEqual(due);
  });

  it("are the operator's too, in place of those with the same id, and of the row for other states", () => {
    const own = [
      {
        id: 'us-oh-persons',
        jurisdictions: ['US-OH'],
        to: 'PERSONS',
        role: 'CONTROLLER',
        days: 45,
        citation: 'Ohio Rev. Code 1349.19',
      },
      { id: 'gdpr-authority', jurisdictions: ['*'], to: 'AUTHORITY', hours: 24, citation: 'own rule' },
    ] satisfies ClockRow[];
    expect(dueOf({ jurisdictions: ['US-OH'] }, clockRows(own))).toEqual({
      'us-oh-persons': 45 * DAY,
      'gdpr-authority': 24 * HOUR,
    });
  });

  it.each<{ at: number; state: ClockState }>([
    { at: 48 * HOUR - 1, state: 'OPEN' },
    { at: 48 * HOUR, state: 'DUE' },
    { at: 72 * HOUR, state: 'DUE' },
    { at: 72 * HOUR + 1, state: 'LATE' },
  ])('stand after $at ms: $state', ({ at, state }) => {
    expect(stateOf('gdpr-authority', {}, KNOWN + at)).toBe(state);
  });

  it.each<{ how: string; id: string; changes: Partial<Incident>; state: ClockState }>([
    {
      how: 'when an authority was told',
      id: 'gdpr-authority',
      changes: {
        authorityNotices: [
          { clock: 'gdpr-authority', authority: 'a', at: KNOWN + 72 * HOUR, by: 'b', phase: 'INITIAL' },
        ],
      },
      state: 'MET',
    },
    {
      how: 'late',
      id: 'gdpr-authority',
      changes: {
        authorityNotices: [
          {
            clock: 'gdpr-authority',
            authority: 'a',
            at: KNOWN + 73 * HOUR,
            by: 'b',
            phase: 'INITIAL',
            delayReason: 'd',
          },
        ],
      },
      state: 'MET_LATE',
    },
    { how: 'when people were told', id: 'gdpr-persons', changes: { notifiedAt: KNOWN }, state: 'MET' },
    {
      how: 'by an exemption',
      id: 'gdpr-persons',
      changes: { exemption: { by: 'b', at: KNOWN, ground: 'RISK_REMOVED', document: 'd' } },
      state: 'EXEMPT',
    },
    {
      how: 'by no exemption where the authority is meant',
      id: 'gdpr-authority',
      changes: { exemption: { by: 'b', at: KNOWN, ground: 'RISK_REMOVED', document: 'd' } },
      state: 'LATE',
    },
    {
      how: 'by a document that says it does not bind',
      id: 'gdpr-authority',
      changes: { waivers: [{ by: 'b', at: KNOWN, clock: 'gdpr-authority', document: 'd' }] },
      state: 'WAIVED',
    },
  ])('end $how: $state', ({ id, changes, state }) => {
    expect(stateOf(id, changes, KNOWN + 100 * HOUR)).toBe(state);
  });

  it('are over but where somebody is owed something', () => {
    const over = (['OPEN', 'DUE', 'LATE', 'MET', 'MET_LATE', 'WAIVED', 'EXEMPT'] as const).filter((state) =>
      isOver({ state, id: 'a', to: 'PERSONS', citation: 'b' }),
    );
    expect(over).toEqual(['MET', 'MET_LATE', 'WAIVED', 'EXEMPT']);
  });

  it('that ship are well formed, each with an id of its own and its source', () => {
    const rows = clockRows();
    for (const row of rows) expect(ClockRow.parse(row)).toMatchObject({ id: row.id });
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('come with the one due first in front, and those without a number last', () => {
    const clocks = clocksOf(incidentOf({ jurisdictions: ['US-TX', 'US-FL', 'DE'] }), clockRows(), KNOWN);
    const due = clocks.map(({ dueAt = Number.POSITIVE_INFINITY }) => dueAt);
    expect(due).toEqual(due.toSorted((a, b) => a - b || 0));
    expect(due[0]).toBe(KNOWN + 72 * HOUR);
  });
});
