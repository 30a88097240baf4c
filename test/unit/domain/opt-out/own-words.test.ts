import { describe, expect, it } from 'vitest';
import { classifyMessage } from '../../../../lib/domain/opt-out/classify-message.ts';
import { ownWords } from '../../../../lib/domain/opt-out/own-words.ts';

describe('the words of whoever replies', () => {
  it.each([
    ['lines marked as quoted', 'Stop\n\n> Our offers of May\n> Unsubscribe here'],
    ['an introduction', 'Stop\n\nOn Mon, Nov 16, 2026 at 9:00 AM Acme <news@example.com> wrote:\nOffers'],
    [
      'a wrapped introduction',
      'Stop\r\n\r\nOn Mon, Nov 16, 2026 Acme\r\n<news@example.com> wrote:\r\nOffers',
    ],
    ['a German introduction', 'Stop\n\nAm 16.11.2026 um 09:00 schrieb Acme <news@example.com>:\nAngebote'],
    ['a French introduction', 'Stop\n\nLe 16 nov. 2026 à 9:00, Acme a écrit :\nOffres'],
    ['a Spanish introduction', 'Stop\n\nEl lun, 16 nov 2026, Acme escribió:\nOfertas'],
    ['an Italian introduction', 'Stop\n\nIl giorno 16 nov 2026 Acme ha scritto:\nOfferte'],
    ['Outlook', 'Stop\n\n-----Original Message-----\nFrom: Acme\nUnsubscribe'],
    ['Outlook of today', 'Stop\n\n________________________________\nFrom: Acme\nUnsubscribe'],
    ['headers', 'Stop\n\nFrom: Acme <news@example.com>\nSent: Monday\nUnsubscribe'],
    ['a signature', 'Stop\n\n-- \nCasey Customer\nExample Ltd'],
    ['a telephone', 'Stop\n\nSent from my phone'],
  ])('are not %s', (_what, text) => {
    expect(ownWords(text)).toBe('Stop');
  });

  it('are all of it where nothing is quoted', () => {
    expect(ownWords('  Hello,\nplease stop. From now on: nothing.\n')).toBe(
      'Hello,\nplease stop. From now on: nothing.',
    );
  });

  it('are none where everything is quoted, so that our own footer is no opt-out', () => {
    const text = '> Click to unsubscribe';
    expect(classifyMessage(ownWords(text))).toEqual({ classified: 'NONE' });
    expect(classifyMessage(text).classified).toBe('DOUBTFUL');
  });

  it('keep a quotation of a form that is not known, which is then a doubt', () => {
    expect(classifyMessage(ownWords('Stop\n\nOp 16 nov. 2026 schreef Acme:\nAanbod')).classified).toBe(
      'DOUBTFUL',
    );
  });
});
