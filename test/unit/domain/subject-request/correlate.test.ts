import { describe, expect, it } from 'vitest';
import { correlate, type FoundSubject } from '../../../../lib/domain/subject-request/correlate.ts';
import type { Identifier } from '../../../../lib/domain/subject-request/identifier.ts';

const NAME: Identifier = { kind: 'NAME', value: 'Ana María Pérez' };
const PHONE: Identifier = { kind: 'PHONE', value: '+13175550142' };
const EMAIL: Identifier = { kind: 'EMAIL', value: 'ana@example.com' };
const ana: FoundSubject = { externalContactId: 'ec-1', name: 'PEREZ, Ana Maria' };
const other: FoundSubject = { externalContactId: 'ec-2', name: 'Bob Perez' };

function verdicts(hits: Parameters<typeof correlate>[0], canonical: ReadonlyMap<string, string> = new Map()) {
  return correlate(hits, canonical).map(({ key, verdict, target }) => ({ key, verdict, target }));
}

describe('who a request is about', () => {
  it.each([
    ['an e-mail address and the name', [NAME, EMAIL], ana, 'MATCHED'],
    ['a telephone and an e-mail address', [PHONE, EMAIL], ana, 'MATCHED'],
    ['a telephone alone, which a household shares', [PHONE], ana, 'ONE_IDENTIFIER'],
    ['a name alone', [NAME], ana, 'NAME_ONLY'],
    ['two identifiers of one kind', [PHONE, { kind: 'PHONE', value: '+13175550143' }], ana, 'ONE_IDENTIFIER'],
    [
      'one number, for calls and for WhatsApp',
      [PHONE, { ...PHONE, kind: 'WHATSAPP' }],
      ana,
      'ONE_IDENTIFIER',
    ],
    ['a current user', [PHONE, EMAIL], { userId: 'u-1' }, 'EMPLOYEE'],
    ['nothing that could be named in a request', [PHONE, EMAIL], { name: 'Ana' }, 'NO_ID'],
  ] as const)('%s', (_what, identifiers, subject, verdict) => {
    expect(verdicts(identifiers.map((identifier) => ({ identifier, subjects: [subject] })))).toMatchObject([
      { key: 'subject-1', verdict },
    ]);
  });

  it('is in doubt where two identifiers lead to somebody of another name', () => {
    const hits = [
      { identifier: NAME, subjects: [ana] },
      { identifier: PHONE, subjects: [ana, other] },
      { identifier: EMAIL, subjects: [other] },
    ];
    expect(verdicts(hits)).toMatchObject([{ verdict: 'MATCHED' }, { verdict: 'NAME_DIFFERS' }]);
  });

  it('leaves the stranger whom a transposed digit finds to a person', () => {
    const hits = [
      { identifier: { ...PHONE, value: '+13175550124' }, subjects: [other] },
      { identifier: EMAIL, subjects: [ana] },
      { identifier: NAME, subjects: [ana] },
    ];
    expect(verdicts(hits)).toEqual([
      { key: 'subject-1', verdict: 'ONE_IDENTIFIER', target: { externalContactId: 'ec-2' } },
      { key: 'subject-2', verdict: 'MATCHED', target: { externalContactId: 'ec-1' } },
    ]);
  });

  it('makes one subject of a merge set, under its canonical contact', () => {
    const hits = [
      { identifier: PHONE, subjects: [ana] },
      { identifier: EMAIL, subjects: [{ ...ana, externalContactId: 'ec-9' }] },
    ];
    const canonical = new Map([
      ['ec-1', 'ec-0'],
      ['ec-9', 'ec-0'],
    ]);
    expect(verdicts(hits, canonical)).toEqual([
      { key: 'subject-1', verdict: 'MATCHED', target: { externalContactId: 'ec-0' } },
    ]);
    expect(verdicts(hits)).toHaveLength(2);
  });

  it('tells contacts of the same id in two lists apart, and names no more than the id', () => {
    const contact = (contactListId: string) => ({
      name: 'Ana',
      phoneNumbers: ['+13175550142'],
      dialerContactId: { id: 'c-1', contactListId },
    });
    const hits = [{ identifier: PHONE, subjects: [contact('list-1'), contact('list-2')] }];
    expect(verdicts(hits).map(({ target }) => target)).toEqual([
      { dialerContactId: { id: 'c-1', contactListId: 'list-1' } },
      { dialerContactId: { id: 'c-1', contactListId: 'list-2' } },
    ]);
  });
});
