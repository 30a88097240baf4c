import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, type RequestEvent } from '../../../../lib/domain/subject-request/advance.ts';
import type { CorrelatedSubject } from '../../../../lib/domain/subject-request/correlate.ts';
import type { Step, SubjectRequest } from '../../../../lib/domain/subject-request/request.ts';

const first = { by: 'officer-1', at: 1 };
const second = { by: 'officer-2', at: 2 };
const step = (id: string, state: Step['state'] = 'WAITING'): Step => ({
  id,
  system: 'DIALGUARD',
  state,
  attempts: 0,
});
const subject = (key: string, verdict: CorrelatedSubject['verdict']): CorrelatedSubject => ({
  key,
  target: { externalContactId: key },
  verdict,
  foundBy: [],
  records: [],
});
const FOUND = [
  subject('subject-1', 'MATCHED'),
  subject('subject-2', 'ONE_IDENTIFIER'),
  subject('subject-3', 'NAME_ONLY'),
  subject('subject-4', 'EMPLOYEE'),
  subject('subject-5', 'NAME_DIFFERS'),
  subject('subject-6', 'NO_ID'),
];

function received(type: SubjectRequest['type'] = 'ERASURE'): SubjectRequest {
  return {
    id: '01890000-0000-7000-8000-000000000001',
    version: 1,
    type,
    state: 'RECEIVED',
    received: first,
    receivedOn: '2026-11-22',
    tokens: [],
    steps: [],
  };
}

const TO_REVIEW: readonly RequestEvent[] = [
  { kind: 'IDENTITY_CHECKED', method: 'CALL_BACK', ...first },
  { kind: 'SUBJECTS_FOUND', ...first },
  { kind: 'REVIEW_ASKED', ...first },
];
const having = (request: SubjectRequest, events: readonly RequestEvent[]) =>
  events.reduce((state, event) => advance(state, event, FOUND), request);
const approve = (subjects: readonly string[]): RequestEvent => ({ kind: 'APPROVED', subjects, ...second });
const running = (steps: readonly Step[]) =>
  having(received(), [...TO_REVIEW, approve(['subject-1']), { kind: 'STARTED', steps, ...second }]);

describe('a request', () => {
  it('goes through every state to its end', () => {
    const ended = having(running([step('a')]), [
      { kind: 'STEP', step: step('a', 'DONE'), ...second },
      { kind: 'ENDED', by: 'dialguard', at: 9 },
    ]);
    expect(ended).toMatchObject({ state: 'COMPLETED', version: 8, endedAt: 9 });
    expect(() => advance(ended, { kind: 'RETRIED', ...first })).toThrow(
      /WRONG_STATE|expected a request in PARTIAL/,
    );
  });

  it.each([
    ['RECEIVED', received()],
    ['AWAITING_REVIEW', having(received(), TO_REVIEW)],
  ])('in %s cannot be started', (_state, request) => {
    expect(() => advance(request, { kind: 'STARTED', steps: [], ...first })).toThrow(
      expect.objectContaining({ code: 'WRONG_STATE' }),
    );
  });

  it.each([
    ['whoever took it in', 'officer-1', 'officer-3'],
    ['whoever checked the identity', 'officer-3', 'officer-1'],
  ])('is not approved by %s', (_who, receivedBy, checkedBy) => {
    const taken = { ...received(), received: { by: receivedBy, at: 1 } };
    const [checked, ...rest] = TO_REVIEW.map((event) => ({ ...event, by: checkedBy }));
    const request = having(taken, checked === undefined ? [] : [checked, ...rest]);
    expect(() => advance(request, { ...approve([]), by: 'officer-1' }, FOUND)).toThrow(
      expect.objectContaining({ code: 'SAME_PERSON' }),
    );
    expect(advance(request, { ...approve([]), by: 'officer-2' }, FOUND).state).toBe('APPROVED');
  });

  it.each([
    ['ERASURE', 'subject-1', true],
    ['ERASURE', 'subject-2', true],
    ['ERASURE', 'subject-3', false],
    ['ERASURE', 'subject-4', false],
    ['ACCESS', 'subject-4', true],
    ['ERASURE', 'subject-5', true],
    ['ERASURE', 'subject-6', false],
    ['ERASURE', 'subject-7', false],
  ] as const)('%s of %s can be approved: %s', (type, key, may) => {
    const request = having(received(type), TO_REVIEW);
    const approval = () => advance(request, approve(['subject-1', key]), FOUND);
    if (may) expect(approval().approval?.subjects).toEqual([...new Set(['subject-1', key])]);
    else expect(approval).toThrow(expect.objectContaining({ code: 'SUBJECT_NOT_CONFIRMABLE' }));
  });

  it('is partial where a step failed or is held, and tries those again', () => {
    const partial = having(running([step('a'), step('b'), step('c')]), [
      { kind: 'STEP', step: step('a', 'DONE'), ...second },
      { kind: 'STEP', step: { ...step('b', 'FAILED'), cause: 'HTTP_500' }, ...second },
      { kind: 'STEP', step: { ...step('c', 'HELD'), cause: 'LITIGATION_HOLD' }, ...second },
      { kind: 'ENDED', ...second },
    ]);
    expect(partial.state).toBe('PARTIAL');
    const again = advance(partial, { kind: 'RETRIED', ...second });
    expect(again.endedAt).toBeUndefined();
    expect(again.steps).toEqual([step('a', 'DONE'), step('b'), step('c')]);
  });

  it('is refused in what is left of it where that cannot be mended, and not once it is done', () => {
    const refusal: RequestEvent = { kind: 'REFUSED', reason: 'LEGAL_OBLIGATION', ...second };
    const done = having(running([step('a'), step('b')]), [
      { kind: 'STEP', step: step('a', 'DONE'), ...second },
    ]);
    const ended = (state: Step['state']) =>
      having(done, [
        { kind: 'STEP', step: step('b', state), ...second },
        { kind: 'ENDED', ...second },
      ]);
    expect(advance(ended('FAILED'), refusal)).toMatchObject({
      state: 'REFUSED',
      refusal: { reason: 'LEGAL_OBLIGATION' },
      steps: [{ state: 'DONE' }, { state: 'FAILED' }],
    });
    expect(() => advance(ended('DONE'), refusal)).toThrow(expect.objectContaining({ code: 'WRONG_STATE' }));
    expect(() => advance(done, refusal)).toThrow(expect.objectContaining({ code: 'WRONG_STATE' }));
  });

  it('does not end while a step is open, and never reopens one that is done', () => {
    const open = having(running([step('a'), step('b', 'SENT')]), [
      { kind: 'STEP', step: step('a', 'DONE'), ...second },
      { kind: 'STEP', step: step('a', 'FAILED'), ...second },
    ]);
    expect(open.steps.map(({ state }) => state)).toEqual(['DONE', 'SENT']);
    expect(() => advance(open, { kind: 'ENDED', ...second })).toThrow(
      expect.objectContaining({ code: 'STEPS_OPEN' }),
    );
    expect(() => advance(open, { kind: 'STEP', step: step('x'), ...second })).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_STEP' }),
    );
  });

  // 22 November 2026 and a month: a Tuesday.
  it.each(['2026-11-22', '2026-12-22'])('is extended once, on %s', (on) => {
    const extended = advance(received(), { kind: 'EXTENDED', reason: 'COMPLEX', on, ...first });
    expect(extended.extension).toEqual({ reason: 'COMPLEX', ...first });
    expect(() => advance(extended, { kind: 'EXTENDED', reason: 'COMPLEX', on, ...first })).toThrow(
      expect.objectContaining({ code: 'EXTENDED_BEFORE' }),
    );
  });

  it('is not extended once the month is over', () => {
    const late = { kind: 'EXTENDED', reason: 'COMPLEX', on: '2026-12-23', ...first } as const;
    expect(() => advance(received(), late)).toThrow(expect.objectContaining({ code: 'EXTENDED_TOO_LATE' }));
  });

  it('is approved for each subject once, however often it is named', () => {
    const request = advance(having(received(), TO_REVIEW), approve(['subject-1', 'subject-1']), FOUND);
    expect(request.approval?.subjects).toEqual(['subject-1']);
  });

  it.each([
    ['OBJECTION', 'LEGAL_CLAIMS', false],
    ['OBJECTION', 'EXCESSIVE', false],
    ['OBJECTION', 'IDENTITY_NOT_SHOWN', true],
    ['ERASURE', 'LEGAL_CLAIMS', true],
    ['ERASURE', 'CURRENT_EMPLOYEE', true],
  ] as const)('%s may be refused for %s: %s', (type, reason, may) => {
    const refuse = () => advance(received(type), { kind: 'REFUSED', reason, ...first });
    if (may) expect(refuse()).toMatchObject({ state: 'REFUSED', refusal: { reason }, endedAt: 1 });
    else expect(refuse).toThrow(expect.objectContaining({ code: 'OBJECTION_IS_ABSOLUTE' }));
  });

  it('never runs, nor ends well, without identity and approval, whatever happens in whatever order', () => {
    const events: readonly RequestEvent[] = [
      ...TO_REVIEW,
      approve(['subject-1']),
      { kind: 'STARTED', steps: [step('a')], ...second },
      { kind: 'STEP', step: step('a', 'DONE'), ...second },
      { kind: 'STEP', step: step('a', 'FAILED'), ...second },
      { kind: 'ENDED', ...second },
      { kind: 'RETRIED', ...second },
    ];
    const refused: RequestEvent = { kind: 'REFUSED', reason: 'EXCESSIVE', ...first };
    const happening = fc.oneof(
      { weight: 60, arbitrary: fc.constantFrom(...events) },
      { weight: 1, arbitrary: fc.constant(refused) },
    );
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 150, size: 'max' }), (order) => {
        const end = order.reduce((request, event) => {
          try {
            return advance(request, event, FOUND);
          } catch {
            return request;
          }
        }, received());
        reached.add(end.state);
        if (['APPROVED', 'RUNNING', 'COMPLETED', 'PARTIAL'].includes(end.state)) {
          expect(end.identity).toBeDefined();
          expect(end.approval?.by).not.toBe(end.received.by);
          expect(end.refusal).toBeUndefined();
        }
      }),
      { numRuns: 1000 },
    );
    expect([...reached]).toContain('COMPLETED');
  });
});
