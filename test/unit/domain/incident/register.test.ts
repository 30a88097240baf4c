import { describe, expect, it } from 'vitest';
import { clockRows } from '../../../../lib/domain/incident/clocks.ts';
import { registerCsv, registered } from '../../../../lib/domain/incident/register.ts';
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
  SHA,
  type Step,
} from '../../../support/incidents.ts';

const TOLD_LATE: Step = {
  kind: 'AUTHORITY_NOTIFIED',
  at: KNOWN + 80 * HOUR,
  notice: {
    clock: 'gdpr-authority',
    authority: 'bfdi',
    at: KNOWN + 75 * HOUR,
    phase: 'INITIAL',
    delayReason: 'doc:delay',
  },
};
const UNLIKELY: Step = { kind: 'ASSESSED', assessment: { risk: 'UNLIKELY' }, documents: [] };
const rows = clockRows();

describe('the register', () => {
  it('holds facts, effects and remedial action of an incident that was told to nobody', () => {
    const entry = registered(afterSteps([UNLIKELY, DOCUMENTED, { kind: 'CLOSED' }]), rows, KNOWN);
    expect(entry).toMatchObject({ risk: 'UNLIKELY', state: 'CLOSED', clocks: [], nextDueAt: null });
    const [, line] = registerCsv([entry]).split('\r\n');
    for (const about of ['FACTS', 'EFFECTS', 'REMEDIAL_ACTION'])
      expect(line).toContain(`doc:${about} sha256:${SHA}`);
  });

  it('holds who prepared, who released, who was told when and why so late', () => {
    const incident = afterSteps([ASSESSED, ATTACHED, PREPARED, RELEASED, NOTIFIED, TOLD_LATE, DOCUMENTED]);
    const entry = registered(incident, rows, KNOWN + 80 * HOUR);
    expect(entry).toMatchObject({
      prepared: { by: 'dpo-1' },
      release: { by: 'legal-1' },
      knownAt: '2026-11-20T15:00:00.000Z',
      clocks: [
        {
          id: 'gdpr-authority',
          state: 'MET_LATE',
          dueAt: '2026-11-23T15:00:00.000Z',
          delayReason: 'doc:delay',
        },
        { id: 'gdpr-persons', state: 'MET' },
      ],
    });
    const csv = registerCsv([entry]);
    expect(csv).toContain(
      'MET_LATE (due 2026-11-23T15:00:00.000Z, met 2026-11-23T18:00:00.000Z, reasons doc:delay)',
    );
    expect(csv).toContain('gdpr-authority INITIAL bfdi at 2026-11-23T18:00:00.000Z by dpo-1');
  });

  it('says what is due next', () => {
    expect(registered(incidentOf(), rows, KNOWN).nextDueAt).toBe('2026-11-23T15:00:00.000Z');
  });

  it('has a line for each incident and a cell for each column, and runs no formula', () => {
    const incidents = [
      incidentOf({ reference: 'SEC-1' }),
      afterSteps([ASSESSED, EXEMPTED, { kind: 'WAIVED', clock: 'gdpr-persons', document: 'doc:w' }]),
      afterSteps([ASSESSED, ATTACHED, PREPARED]),
      incidentOf({ occurredFrom: KNOWN - HOUR, occurredTo: KNOWN, persons: 7, closedAt: KNOWN }),
    ].map((incident) => registered(incident, rows, KNOWN));
    const lines = registerCsv(incidents).trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    const cells = lines.map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).length);
    expect(new Set(cells)).toEqual(new Set([28]));
    expect(lines[1]).toContain('"not judged"');
    expect(lines[2]).toContain('UNINTELLIGIBLE_DATA doc:exemption by dpo-1');
    expect(lines[2]).toContain('gdpr-persons doc:w by dpo-1');
  });
});
