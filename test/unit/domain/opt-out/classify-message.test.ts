import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyMessage } from '../../../../lib/domain/opt-out/classify-message.ts';
import { KEYWORDS } from '../../../../lib/domain/opt-out/keywords.ts';

const classified = (text: string) => classifyMessage(text).classified;
const languages = Object.values(KEYWORDS);
const optOuts = languages.flatMap(({ optOut, optOutAlone }) => [...optOut, ...optOutAlone]);
const inside = languages.flatMap(({ optOut, doubtful }) => [...optOut, ...doubtful]);

describe('an opt-out', () => {
  it.each([
    // 47 CFR 64.1200(a)(10): the seven.
    ...['stop', 'quit', 'end', 'revoke', 'opt out', 'cancel', 'unsubscribe'],
    // What carriers demand: AWS End User Messaging's required keywords, Twilio's defaults.
    ...['ARRET', 'OPT-OUT', 'OPTOUT', 'REMOVE', 'TD', 'STOPALL', 'Stop all'],
    ...['PARAR', 'Alto', 'baja', 'No más', '¡BASTA!', 'darme de baja', 'Cancelar', 'no más llamadas'],
    ...['Arrêt', 'ARRÊTEZ', 'désabonner', 'Désinscription', 'STOP SMS', 'ne m’appelez plus'],
    ...['Stopp', 'Abmelden', 'abbestellen', 'keine Werbung', 'LÖSCHEN', 'Widerruf', 'keine Anrufe mehr'],
    ...['Cancellami', 'annulla', 'disiscrivi', 'REVOCA', 'Non chiamatemi più'],
    ...['Stop calling me', "don't text me", 'Do not call.', 'Remove me', 'take me off your list'],
  ])('%s', (text) => {
    expect(classifyMessage(text)).toMatchObject({ classified: 'OPT_OUT', keyword: expect.any(String) });
  });

  it.each([
    ['letter case', 'sToP'],
    ['punctuation', '"Stop!!!"'],
    ['a hyphen', 'opt-out'],
    ['no blank', 'OptOut'],
    ['blanks and line ends', ' \r\n opt \t out \n'],
    ['no-break blanks', '\u00a0stop\u2003'],
    ['full-width letters', 'ＳＴＯＰ'],
    ['mathematical letters', '𝐒𝐓𝐎𝐏'],
    ['accents', 'stóp'],
    ['combining accents', 'sto\u0301p'],
    ['zero-width characters', '\ufeffs\u200bt\u200do\u2060p'],
    ['soft hyphens', 'unsub\u00adscribe'],
    ['directional marks', '\u202estop\u202c'],
    ['letters spelled out', 'S T O P'],
    ['letters with full stops', 's.t.o.p.'],
    ['letters drawn out', 'stoooop'],
    ['emoji', '🛑 STOP 😡'],
    ['a skin tone', 'stop ✋🏽'],
    ['said twice', 'STOP STOP'],
    ['two keywords', 'Stop. Unsubscribe!'],
    ['a typographic apostrophe', 'don’t call me'],
  ])('whatever its %s', (_how, text) => {
    expect(classified(text)).toBe('OPT_OUT');
  });

  it.each([
    ['STOP', 'en', 'en:stop'],
    ['opt out', 'en', 'en:opt-out'],
    ['No más.', 'es', 'es:no-mas'],
    ['Arrêt', 'fr', 'fr:arret'],
    ['abmelden', 'de', 'de:abmelden'],
    ['annulla', 'it', 'it:annulla'],
  ])('%s is told in %s by our own keyword %s', (text, language, keyword) => {
    expect(classifyMessage(text)).toEqual({ classified: 'OPT_OUT', language, keyword });
  });
});

describe('a doubt', () => {
  it.each([
    ...['stop please', "don't stop", 'please stop', 'no mas llamadas por favor', 'Stop, I said', 'STOP 2'],
    ...['I want to cancel my order', 'When does the sale end?', 'Stop2End', 'yes stop', 'start stop'],
    ...['wrong number', 'not interested', 'no more!', 'stpo', 'unsuscribe', "don't call"],
    ...['arrêtez svp', 'bitte abmelden', 'basta, grazie', 'kein Interesse', 'numero sbagliato'],
    ...['🛑', '✋🏿', '🙅‍♀️ 🙅‍♀️', 'enough 🚫'],
  ])('%s', (text) => {
    expect(classified(text)).toBe('DOUBTFUL');
  });

  it('names our own keyword, not the words around it', () => {
    expect(classifyMessage('Casey says stop')).toEqual({ classified: 'DOUBTFUL', keyword: 'en:stop' });
    expect(classifyMessage('🛑')).toEqual({ classified: 'DOUBTFUL', keyword: 'stop-sign' });
  });
});

describe('anything else', () => {
  it.each(['START', 'Unstop', 'yes', 'Sí', 'oui', 'ja', 'opt-in', 'YES YES'])(
    '%s asks for messages',
    (text) => {
      expect(classified(text)).toBe('OPT_IN');
    },
  );

  it.each([
    ...['', ' ', '...', '1', '12:30', 'Thanks!', 'Fine', 'Yes please', 'no', 'HELP', 'I am for it', '😀'],
    // Words that hold a keyword, and words of one language that mean something else in another.
    ...['nonstop', 'weekend', 'stopwatch', 'es para mi', 'la fin du mois', 'in alto', 'Bücher aus Papier'],
  ])('%s says nothing of it', (text) => {
    expect(classifyMessage(text)).toEqual({ classified: 'NONE' });
  });
});

describe('of any text', () => {
  const noise = fc
    .array(
      fc.constantFrom(' ', '.', '!', '?', ',', '-', '"', '\n', '\u200b', '\ufe0f', '\u00ad', '🎉', '😡'),
      { maxLength: 6 },
    )
    .map((parts) => parts.join(''));
  const separator = noise.map((text) => `${text} `);
  const invisible = fc.constantFrom('', '', '\u200b', '\u2060', '\u0301', '\u00ad');
  const fullWidth = (letter: string) =>
    /[!-~]/.test(letter) ? String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0) : letter;
  /** A keyword as somebody might type it. */
  const disguised = (keyword: string) =>
    fc
      .array(fc.tuple(fc.boolean(), fc.boolean(), invisible), {
        minLength: keyword.length,
        maxLength: keyword.length,
      })
      .map((ways) =>
        [...keyword]
          .map((letter, at) => {
            const [upper, wide, after] = ways[at] ?? [false, false, ''];
            const cased = upper ? letter.toUpperCase() : letter;
            return (wide ? fullWidth(cased) : cased) + (letter === ' ' ? '' : after);
          })
          .join(''),
      );

  it('every opt-out keyword is an opt-out in every disguise', () => {
    const message = fc.tuple(noise, fc.constantFrom(...optOuts).chain(disguised), noise);
    fc.assert(
      fc.property(message, (parts) => {
        expect(classified(parts.join(''))).toBe('OPT_OUT');
      }),
      { numRuns: 5000 },
    );
  });

  it('a keyword among other words is never passed over', () => {
    const words = fc
      .array(fc.stringMatching(/^[b-df-hj-np-tv-z]{4,8}$/), { maxLength: 4 })
      .map((list) => list.join(' '));
    const message = fc.tuple(words, separator, fc.constantFrom(...inside).chain(disguised), separator, words);
    fc.assert(
      fc.property(message, (parts) => {
        expect(classified(parts.join(''))).toMatch(/^(OPT_OUT|DOUBTFUL)$/);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives an answer to anything, and the same one in capitals', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(classified(text)).toMatch(/^(OPT_OUT|DOUBTFUL|OPT_IN|NONE)$/);
      }),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...inside, 'casey', 'says'), { maxLength: 5 }), (words) => {
        const text = words.join(' ');
        expect(classifyMessage(text.toUpperCase())).toEqual(classifyMessage(text));
      }),
    );
  });

  it('every keyword is in the form in which messages are compared, and means one thing', () => {
    const all = languages.flatMap((words) => Object.values(words).flat());
    for (const keyword of all) expect(keyword).toMatch(/^[a-z]+( [a-z]+){0,5}$/);
    const optIns = new Set(languages.flatMap(({ optIn }) => optIn));
    expect([...optOuts, ...inside].filter((keyword) => optIns.has(keyword))).toEqual([]);
  });
});
