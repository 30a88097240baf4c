import { describe, expect, it } from 'vitest';
import { ShownIncident } from '../../../bin/commands/incident-answers.ts';
import {
  byUrgency,
  incidentLines,
  incidentListLines,
  noticeLines,
  templateLines,
} from '../../../bin/commands/incident-lines.ts';
import { clockRows } from '../../../lib/domain/incident/clocks.ts';
import { registered } from '../../../lib/domain/incident/register.ts';
import {
  ASSESSED,
  ATTACHED,
  afterSteps,
  DOCUMENTED,
  EXEMPTED,
  HOUR,
  incidentOf,
  KNOWN,
  NOTIFIED,
  PREPARED,
  RELEASED,
  type Step,
} from '../../support/incidents.ts';

const UNLIKELY: Step = { kind: 'ASSESSED', assessment: { risk: 'UNLIKELY' }, documents: [] };

/** As the API shows it, some hours after it was known. */
function shown(steps: readonly Step[], hours = 1): ShownIncident {
  const incident = steps.length === 0 ? incidentOf() : afterSteps(steps);
  return ShownIncident.parse(registered(incident, clockRows(), KNOWN + hours * HOUR));
}

function listed(steps: readonly Step[], hours = 1): string {
  return incidentListLines([shown(steps, hours)], KNOWN + hours * HOUR).join('\n');
}

describe('a list of incidents', () => {
  it.each<{ steps: Step[]; hours?: number; says: RegExp }>([
    {
      steps: [],
      says: /REPORTED, due 2026-11-23T15:00:00.000Z \(71 hours left\)\n {2}waits for somebody to judge it/,
    },
    { steps: [], hours: 73, says: /LATE: 1 clock\n/ },
    { steps: [ASSESSED], says: /waits for the list.*affected .* FILE/ },
    { steps: [ASSESSED, ATTACHED], says: /waits for its notices: npx dialguard incident prepare/ },
    { steps: [ASSESSED, ATTACHED, PREPARED], says: /waits for a second person/ },
    { steps: [ASSESSED, ATTACHED, PREPARED, RELEASED], says: /incident watch/ },
    { steps: [ASSESSED, ATTACHED, PREPARED, RELEASED, NOTIFIED], says: /people were told/ },
    { steps: [UNLIKELY], says: /no clock with a number runs\n.*need not be told.*close/ },
    { steps: [ASSESSED, EXEMPTED], says: /need not be told/ },
    { steps: [UNLIKELY, DOCUMENTED, { kind: 'CLOSED' }], says: /CLOSED, closed 2026-11-20\n.*register/ },
  ])('says what is next: $says', ({ steps, hours, says }) => {
    expect(listed(steps, hours)).toMatch(says);
  });

  it('has the one that is due first in front, and what is closed last', () => {
    const incidents = [
      shown([UNLIKELY, DOCUMENTED, { kind: 'CLOSED' }]),
      shown([UNLIKELY]),
      shown([ASSESSED]),
    ];
    expect(incidents.toSorted(byUrgency).map(({ state, risk }) => `${state} ${risk}`)).toEqual([
      'ASSESSED HIGH',
      'ASSESSED UNLIKELY',
      'CLOSED UNLIKELY',
    ]);
    expect(incidentListLines([], KNOWN)).toEqual(['No incident is open.']);
  });
});

it('one incident says who did what, each clock and its law', () => {
  const lines = incidentLines(shown([ASSESSED, ATTACHED, PREPARED, RELEASED, DOCUMENTED]), KNOWN + HOUR).join(
    '\n',
  );
  for (const says of [
    'notices breach-standard prepared by dpo-1',
    'released by legal-1',
    'list: 3 people',
    'gdpr-authority -> AUTHORITY: due 2026-11-23T15:00:00.000Z (71 hours left) [GDPR Art 33(1)]',
    'gdpr-persons -> PERSONS: without undue delay [GDPR Art 34(1)]',
    'REMEDIAL_ACTION  doc:REMEDIAL_ACTION sha256',
  ])
    expect(lines).toContain(says);
});

describe('the progress of notices', () => {
  const affected = { rows: 10, sha256: 'a'.repeat(64) };

  it.each([
    { notices: { PENDING: 0 }, bar: `[${'.'.repeat(40)}] 0 of 10` },
    { notices: { PENDING: 4, SENDING: 1, SENT: 5 }, bar: `[${'#'.repeat(20)}${'.'.repeat(20)}] 5 of 10` },
    { notices: { SENT: 8, FALLBACK_LETTER: 2 }, bar: `[${'#'.repeat(40)}] 10 of 10` },
    // People found later: more notices than this list has rows.
    { notices: { SENT: 12 }, bar: `[${'#'.repeat(40)}] 12 of 12` },
  ])('is a bar and a count for each state: $bar', ({ notices, bar }) => {
    const lines = noticeLines({ notices, affected });
    expect(lines[0]).toBe(bar);
    expect(lines).toHaveLength(1 + Object.values(notices).filter((count) => count > 0).length);
  });

  it('is nothing before they are begun', () => {
    expect(noticeLines({ affected })).toEqual([]);
    expect(noticeLines({ notices: {}, affected: null })).toEqual([`[${'.'.repeat(40)}] 0 of 0`]);
  });
});

it('texts say whether they may be used', () => {
  const text = {
    name: 'breach',
    language: 'de',
    channel: 'SMS',
    version: 1,
    author: 'writer-1',
    sha256: 'a',
  };
  const approved = { ...text, version: 2, approval: { by: 'legal-1', at: KNOWN } };
  expect(templateLines([text, approved])).toEqual([
    'breach  de  SMS  version 1  written by writer-1, NOT APPROVED',
    'breach  de  SMS  version 2  written by writer-1, approved by legal-1 at 2026-11-20T15:00:00.000Z',
  ]);
  expect(templateLines([])).toEqual(['No text has been written.']);
});
