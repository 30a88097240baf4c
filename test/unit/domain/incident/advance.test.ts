import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance } from '../../../../lib/domain/incident/advance.ts';
import { clockRows } from '../../../../lib/domain/incident/clocks.ts';
import { Incident } from '../../../../lib/domain/incident/incident.ts';
import { incidentEntry } from '../../../../lib/domain/incident/incident-entry.ts';
import { IncidentEntry } from '../../../../lib/domain/log/entry.ts';
import {
  ASSESSED,
  ATTACHED,
  afterSteps,
  DAY,
  DOCUMENTED,
  EXEMPTED,
  eventOf,
  HOUR,
  incidentOf,
  KNOWN,
  NOTIFIED,
  PREPARED,
  RELEASED,
  type Step,
} from '../../../support/incidents.ts';

const AUTHORITY_TOLD = {
  kind: 'AUTHORITY_NOTIFIED',
  notice: { clock: 'gdpr-authority', authority: 'bfdi', at: KNOWN + HOUR, phase: 'INITIAL' },
} satisfies Step;
const CLOSED: Step = { kind: 'CLOSED' };

function told(changes: object, at = KNOWN + 80 * HOUR): Step {
  return { ...AUTHORITY_TOLD, notice: { ...AUTHORITY_TOLD.notice, ...changes }, at };
}

describe('an incident', () => {
  it('goes from its report to its end', () => {
    const steps = [ASSESSED, ATTACHED, PREPARED, RELEASED, NOTIFIED, AUTHORITY_TOLD, DOCUMENTED, CLOSED];
    const states = steps.map((_, index) => afterSteps(steps.slice(0, index + 1)).state);
    expect(states).toEqual([
      ...['ASSESSED', 'ASSESSED', 'READY', 'NOTIFYING', 'NOTIFIED', 'NOTIFIED', 'NOTIFIED', 'CLOSED'],
    ]);
    const end = afterSteps(steps);
    expect(end).toMatchObject({
      version: 9,
      prepared: { by: 'dpo-1' },
      release: { by: 'legal-1' },
      notifiedAt: KNOWN + HOUR,
      closedAt: KNOWN + HOUR,
    });
    expect(Incident.parse(end)).toEqual(end);
  });

  it('that puts nobody at risk is kept in the register and told to nobody', () => {
    const unlikely: Step = { kind: 'ASSESSED', assessment: { risk: 'UNLIKELY' }, documents: [] };
    expect(afterSteps([unlikely, DOCUMENTED, CLOSED]).state).toBe('CLOSED');
  });

  it('is prepared again when its facts change, but not while notices are sent', () => {
    expect(afterSteps([ASSESSED, ATTACHED, PREPARED, ASSESSED])).toMatchObject({ state: 'ASSESSED' });
    expect(afterSteps([ASSESSED, ATTACHED, PREPARED, ASSESSED]).prepared).toBeUndefined();
    expect(afterSteps([ASSESSED, ATTACHED, PREPARED, RELEASED, ASSESSED])).toMatchObject({
      state: 'NOTIFYING',
      release: { by: 'legal-1' },
    });
  });

  it('is prepared and released again for people found later, and keeps when people were told first', () => {
    const later = afterSteps([
      ASSESSED,
      ATTACHED,
      PREPARED,
      RELEASED,
      NOTIFIED,
      { ...ATTACHED, at: KNOWN + DAY },
    ]);
    expect(later).toMatchObject({ state: 'ASSESSED', notifiedAt: KNOWN + HOUR });
    expect(later.release).toBeUndefined();
    const again = afterSteps([PREPARED, RELEASED, { ...NOTIFIED, at: KNOWN + 2 * DAY }], later);
    expect(again).toMatchObject({ state: 'NOTIFIED', notifiedAt: KNOWN + HOUR });
  });

  it('takes documents up, each one', () => {
    expect(afterSteps([ASSESSED, DOCUMENTED, DOCUMENTED]).documents).toHaveLength(6);
  });

  it('is exempt until the exemption ends', () => {
    const exempt = afterSteps([ASSESSED, ATTACHED, EXEMPTED]);
    expect(() => afterSteps([PREPARED], exempt)).toThrow(expect.objectContaining({ code: 'EXEMPT' }));
    expect(afterSteps([{ kind: 'EXEMPTION_ENDED' }, PREPARED], exempt).state).toBe('READY');
  });

  it.each<{ code: string; steps: readonly Step[] }>([
    { code: 'WRONG_STATE', steps: [ATTACHED] },
    { code: 'WRONG_STATE', steps: [ASSESSED, RELEASED] },
    { code: 'WRONG_STATE', steps: [ASSESSED, ATTACHED, PREPARED, NOTIFIED] },
    { code: 'RISK_NOT_JUDGED', steps: [{ ...ASSESSED, assessment: {} }] },
    { code: 'IN_THE_FUTURE', steps: [{ ...ASSESSED, assessment: { risk: 'HIGH', knownAt: KNOWN + DAY } }] },
    { code: 'AFFECTED_MISSING', steps: [ASSESSED, PREPARED] },
    { code: 'CONTACT_MISSING', steps: [{ ...ASSESSED, assessment: { risk: 'HIGH' } }, ATTACHED, PREPARED] },
    { code: 'SAME_PERSON', steps: [ASSESSED, ATTACHED, PREPARED, { ...RELEASED, by: 'dpo-1' }] },
    { code: 'EXEMPT', steps: [ASSESSED, ATTACHED, PREPARED, EXEMPTED, RELEASED] },
    { code: 'UNKNOWN_CLOCK', steps: [told({ clock: 'us-ca-persons' })] },
    { code: 'UNKNOWN_CLOCK', steps: [{ kind: 'WAIVED', clock: 'us-ca-persons', document: 'doc' }] },
    { code: 'IN_THE_FUTURE', steps: [told({ at: KNOWN + 2 * HOUR }, KNOWN + HOUR)] },
    { code: 'NOT_YET_KNOWN', steps: [told({ at: KNOWN - 1 })] },
    { code: 'TOLD_BEFORE', steps: [AUTHORITY_TOLD, AUTHORITY_TOLD] },
    { code: 'NOT_TOLD_BEFORE', steps: [told({ phase: 'FURTHER' })] },
    { code: 'DELAY_REASON_MISSING', steps: [told({ at: KNOWN + 72 * HOUR + 1 })] },
    { code: 'DOCUMENTS_MISSING', steps: [ASSESSED, CLOSED] },
    { code: 'CLOCKS_OPEN', steps: [ASSESSED, DOCUMENTED, CLOSED] },
    { code: 'CLOCKS_OPEN', steps: [ASSESSED, DOCUMENTED, AUTHORITY_TOLD, CLOSED] },
  ])('is refused: $code', ({ code, steps }) => {
    const before = afterSteps(steps.slice(0, -1));
    expect(() => afterSteps(steps.slice(-1), before)).toThrow(expect.objectContaining({ code }));
  });

  it.each<{ name: string; step: Step }>([
    { name: 'in the last millisecond', step: told({ at: KNOWN + 72 * HOUR }) },
    { name: 'late, with its reasons', step: told({ at: KNOWN + 75 * HOUR, delayReason: 'doc:delay' }) },
  ])('has its authority told $name', ({ step }) => {
    expect(afterSteps([step]).authorityNotices).toHaveLength(1);
  });

  it('tells an authority more in phases, and another authority for the first time', () => {
    const steps = [
      AUTHORITY_TOLD,
      told({ phase: 'FURTHER' }),
      told({ authority: 'cnil', at: KNOWN + 2 * HOUR }),
    ];
    expect(afterSteps(steps).authorityNotices.map(({ authority, phase }) => [authority, phase])).toEqual([
      ['bfdi', 'INITIAL'],
      ['bfdi', 'FURTHER'],
      ['cnil', 'INITIAL'],
    ]);
  });

  it('ends without a notice that a document says it does not owe', () => {
    const waived: Step[] = ['gdpr-authority', 'gdpr-persons'].map((clock) => ({
      ...{ kind: 'WAIVED', clock, document: 'doc:waiver' },
    }));
    expect(afterSteps([ASSESSED, DOCUMENTED, ...waived, CLOSED]).state).toBe('CLOSED');
  });

  it('is changed by nothing once it is closed, and in whole or not at all', () => {
    const all: readonly Step[] = [
      ...[ASSESSED, ATTACHED, PREPARED, RELEASED, NOTIFIED, AUTHORITY_TOLD, EXEMPTED, DOCUMENTED, CLOSED],
      { kind: 'EXEMPTION_ENDED' },
      { kind: 'WAIVED', clock: 'gdpr-persons', document: 'doc' },
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all), { maxLength: 15 }), (steps) => {
        let incident = incidentOf();
        for (const step of steps) {
          const before = structuredClone(incident);
          try {
            const next = advance(incident, eventOf(step), clockRows());
            expect(before.state).not.toBe('CLOSED');
            expect(next.version).toBe(before.version + 1);
            // Nothing is sent that two people did not decide.
            if (next.state === 'NOTIFYING') expect(next.release?.by).not.toBe(next.prepared?.by);
            expect(incident).toEqual(before);
            incident = Incident.parse(next);
          } catch (error) {
            expect(error).toMatchObject({ name: 'ComplianceError' });
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the entry of an event', () => {
  it.each<{ step: Step; says: object }>([
    { step: ASSESSED, says: { event: 'ASSESSED', risk: 'HIGH' } },
    { step: ATTACHED, says: { affectedSha256: 'a'.repeat(64), counts: { affected: 3 } } },
    { step: PREPARED, says: { template: 'breach-standard' } },
    { step: NOTIFIED, says: { counts: { SENT: 3 } } },
    {
      step: told({ delayReason: 'doc:d' }),
      says: { clock: 'gdpr-authority', authority: 'bfdi', delayReason: 'doc:d' },
    },
    { step: AUTHORITY_TOLD, says: { notifiedAt: new Date(KNOWN + HOUR).toISOString() } },
    { step: EXEMPTED, says: { ground: 'UNINTELLIGIBLE_DATA' } },
    { step: { kind: 'WAIVED', clock: 'gdpr-persons', document: 'doc' }, says: { clock: 'gdpr-persons' } },
    { step: RELEASED, says: { by: 'legal-1', event: 'RELEASED' } },
  ])('says what happened: $step.kind', ({ step, says }) => {
    const incident = incidentOf({ risk: 'HIGH' });
    const id = '01990000-0000-7000-8000-000000000002';
    const entry = incidentEntry(incident, eventOf(step), { id, client: 'client-1' });
    expect(entry).toMatchObject({
      incidentId: incident.id,
      reference: 'SEC-17',
      client: 'client-1',
      ...says,
    });
    expect(IncidentEntry.parse(entry)).toEqual(entry);
  });

  it('says neither a risk that nobody has judged nor a client that there was none', () => {
    const told = { kind: 'REPORTED', by: 'webhook:jira', at: KNOWN } as const;
    const entry = incidentEntry(incidentOf(), told, { id: '01990000-0000-7000-8000-000000000002' });
    expect(entry).toMatchObject({ event: 'REPORTED', by: 'webhook:jira', subjects: [] });
    expect(Object.keys(entry)).not.toEqual(expect.arrayContaining(['risk']));
    expect(Object.keys(entry)).not.toEqual(expect.arrayContaining(['client']));
  });
});
