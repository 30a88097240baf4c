import { describe, expect, it } from 'vitest';
import { Shown } from '../../../bin/commands/privacy-answers.ts';
import { listLines, requestLines } from '../../../bin/commands/privacy-lines.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const ID = '01890000-0000-7000-8000-000000000001';

function shown(fields: object): Shown {
  return Shown.parse({
    id: ID,
    type: 'ERASURE',
    state: 'AWAITING_REVIEW',
    receivedAt: '2026-11-20T09:00:00.000Z',
    receivedBy: 'officer-1',
    nominalOn: '2026-12-20',
    dueOn: '2026-12-21',
    extended: false,
    steps: [],
    ...fields,
  });
}

const lines = (fields: object) => requestLines(shown(fields), NOW).join('\n');

describe('the list of requests', () => {
  it.each([
    ['RECEIVED', {}, `privacy identity ${ID}`],
    ['AWAITING_REVIEW', {}, 'waits for a second person'],
    ['RUNNING', {}, 'is being done: 0 of 0 steps'],
    ['PARTIAL', {}, 'says what is left and why'],
    ['COMPLETED', { endedAt: '2026-11-21T00:00:00.000Z' }, 'is done: tell the person'],
    ['REFUSED', { refusedFor: 'EXCESSIVE' }, 'was refused (EXCESSIVE)'],
  ])('says of %s what it waits for', (state, fields, says) => {
    expect(listLines([shown({ state, ...fields })], NOW).join('\n')).toContain(says);
  });

  it.each([
    ['2026-12-21', 'due 2026-12-21, at best 2026-12-20 (29 days left)'],
    ['2026-12-20', 'due 2026-12-20 (28 days left)'],
    ['2026-11-22', 'due 2026-11-22, at best 2026-12-20 (0 days left)'],
    ['2026-11-20', '(LATE by 2 days)'],
  ])('says how long there is until %s', (dueOn, says) => {
    expect(listLines([shown({ dueOn })], NOW)[0]).toContain(says);
  });

  it('says that nothing is open', () => {
    expect(listLines([], NOW)).toEqual(['No request is open.']);
  });
});

describe('a request', () => {
  const subject = (fields: object) => ({
    ...{
      key: 'subject-1',
      foundBy: ['PHONE'],
      records: [{ name: 'Ann Example', phoneNumbers: ['+12125550123'] }],
    },
    ...fields,
  });

  it.each([
    ['MATCHED', true, 'may be approved: two identifiers lead here'],
    ['ONE_IDENTIFIER', true, 'a household may share it, a digit may be transposed'],
    ['NAME_DIFFERS', true, 'the NAME DIFFERS'],
    ['NAME_ONLY', false, 'cannot be approved: found by the name alone'],
    ['EMPLOYEE', false, 'not erased while employed'],
  ])('says how sure %s is', (verdict, mayBeApproved, says) => {
    const said = lines({ subjects: [subject({ verdict, mayBeApproved })] });
    expect(said).toContain(says);
    expect(said).toContain('Ann Example, +12125550123');
  });

  it('says whom it is done for', () => {
    const subjects = [subject({ verdict: 'MATCHED', mayBeApproved: true })];
    expect(lines({ subjects, approvedSubjects: ['subject-1'] })).toContain('subject-1: MATCHED, approved');
  });

  it('says what is left in a partial one, why, and what to do', () => {
    const steps = [
      { id: 'dialguard:1', system: 'DIALGUARD', state: 'HELD', attempts: 1, cause: 'LITIGATION_HOLD' },
      {
        id: 'genesys:subject-1',
        system: 'GENESYS_CLOUD',
        state: 'FAILED',
        attempts: 2,
        cause: 'GENESYS_ERROR',
      },
    ];
    const said = lines({ state: 'PARTIAL', steps });
    expect(said).toContain(
      'HELD    our own store (dialguard:1, 1 attempt): kept and restricted for a litigation hold',
    );
    expect(said).toContain(
      'FAILED  Genesys Cloud (genesys:subject-1, 2 attempts): Genesys Cloud ended it with ERROR',
    );
    expect(said).not.toContain('What stays');
  });

  it('says what stays after an erasure, and why', () => {
    const steps = [{ id: 'dialguard:1', system: 'DIALGUARD', state: 'DONE', attempts: 1 }];
    const said = lines({ state: 'COMPLETED', steps, dataDestroyed: true });
    expect(said).toContain('one suppression for each contact point');
    expect(said).toContain('Who asks:\n  (destroyed)');
    expect(lines({ type: 'ACCESS', state: 'COMPLETED', steps })).not.toContain('What stays');
  });

  it('lets nothing that a stranger wrote move the cursor', () => {
    const said = lines({ identifiers: [{ kind: 'NAME', value: 'Ann\u001b[2J\u202eExample' }] });
    expect(said).toContain('NAME Ann\\u{1b}[2J\\u{202e}Example');
    const record = { name: 'Ann\u001b[2J', addresses: ['1 Example Road\u0007'], externalId: 'x\u202ey' };
    const found = lines({
      subjects: [subject({ verdict: 'MATCHED', mayBeApproved: true, records: [record] })],
      replacements: [{ kind: 'NAME', existing: 'a\u001bb', updated: 'c\u001bd' }],
    });
    expect(found).toContain('Ann\\u{1b}[2J, 1 Example Road\\u{7}');
    expect(found).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
  });
});
