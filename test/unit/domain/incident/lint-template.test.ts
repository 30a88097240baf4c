import { describe, expect, it } from 'vitest';
import { filledIn } from '../../../../lib/domain/incident/fill-in.ts';
import { DataElement } from '../../../../lib/domain/incident/incident.ts';
import { LINT_MEANING, type LintCode, lintTemplate } from '../../../../lib/domain/incident/lint-template.ts';
import { DATA_WORDS } from '../../../../lib/domain/incident/template-words.data.ts';
import { CONTACT, incidentOf } from '../../../support/incidents.ts';
import { GOOD_TEXTS } from '../../../support/notice-texts.ts';

type Words = Parameters<typeof lintTemplate>[0];
const { SMS, EMAIL, VOICE } = GOOD_TEXTS;

function codesOf(words: Words): readonly LintCode[] {
  return [...new Set(lintTemplate(words, CONTACT).map(({ code }) => code))];
}

/** The good text of a channel with one more sentence. */
function withMore(words: Words, more: string): Words {
  return { ...words, text: `${words.text}\n${more}` };
}

describe('the lint of texts', () => {
  it.each(Object.values(GOOD_TEXTS))('has nothing against a good text: $channel', (words) => {
    expect(lintTemplate(words, CONTACT)).toEqual([]);
  });

  it.each<{ more: string; code: LintCode }>([
    { more: 'Call +1 317 555 0142.', code: 'NUMBER_IN_TEXT' },
    { more: 'Call (317) 555-0142.', code: 'NUMBER_IN_TEXT' },
    { more: 'Rufen Sie 0151/23 45 67 8 an.', code: 'NUMBER_IN_TEXT' },
    { more: 'Your card 4111 1111 1111 1111.', code: 'NUMBER_IN_TEXT' },
    { more: 'Your number 078-05-1120.', code: 'NUMBER_IN_TEXT' },
    { more: 'Ihre Nummer ist １２３４５６７８.', code: 'NUMBER_IN_TEXT' },
    { more: 'رقمك ٠١٢٣٤٥٦٧٨', code: 'NUMBER_IN_TEXT' },
    { more: 'Born 1980-01-23.', code: 'NUMBER_IN_TEXT' },
    { more: 'Write to jane.doe@example.org.', code: 'EMAIL_IN_TEXT' },
    { more: 'Write to müller@example.org.', code: 'EMAIL_IN_TEXT' },
    { more: 'Write to jane＠example.org.', code: 'EMAIL_IN_TEXT' },
    { more: 'See https://example.org/?who=jane', code: 'LINK_IN_TEXT' },
    { more: 'See www.example.org', code: 'LINK_IN_TEXT' },
    { more: 'Dear {{name}}', code: 'UNKNOWN_PLACEHOLDER' },
    { more: 'Dear {{ContactUrl}}', code: 'UNKNOWN_PLACEHOLDER' },
    { more: 'See {{contactUrl', code: 'BROKEN_PLACEHOLDER' },
    { more: 'See {{{contactUrl}}}', code: 'BROKEN_PLACEHOLDER' },
    { more: 'pass\u200bword', code: 'HIDDEN_CHARACTER' },
    { more: 'a\u202eb', code: 'HIDDEN_CHARACTER' },
    { more: 'a\u0000b', code: 'HIDDEN_CHARACTER' },
    { more: 'To unsubscribe see {{preferencesUrl}}.', code: 'FALSE_OPT_OUT' },
    { more: 'Reply STOP to end.', code: 'FALSE_OPT_OUT' },
    { more: 'You can opt-out of these notices.', code: 'FALSE_OPT_OUT' },
    { more: 'Sie können sich hier abmelden.', code: 'FALSE_OPT_OUT' },
    { more: 'Pour vous désabonner', code: 'FALSE_OPT_OUT' },
    { more: 'Para darse de baja', code: 'FALSE_OPT_OUT' },
    { more: "Per annullare: annulla l'iscrizione", code: 'FALSE_OPT_OUT' },
    { more: 'U kunt zich afmelden.', code: 'FALSE_OPT_OUT' },
  ])('refuses in every channel: $more', ({ more, code }) => {
    for (const words of [SMS, EMAIL, VOICE]) expect(codesOf(withMore(words, more))).toContain(code);
  });

  it.each<{ words: string; language: string }>([
    { words: 'Your password was seen.', language: 'en' },
    { words: 'PASSWORDS', language: 'en' },
    { words: 'your Social-Security number', language: 'en' },
    { words: 'your e-mail address', language: 'en' },
    { words: "your driver's licence", language: 'en' },
    { words: 'Ihre Paßwörter', language: 'de' },
    { words: 'Ihr Geburtsdatum', language: 'de' },
    { words: 'Führerscheindaten', language: 'de' },
    { words: 'Gesprächsaufzeichnungen', language: 'de' },
    { words: 'votre mot de passe', language: 'fr' },
    { words: "vos pièces: carte d'identité", language: 'fr' },
    { words: 'données de santé', language: 'fr' },
    { words: 'su contraseña', language: 'es' },
    { words: 'fecha de nacimiento', language: 'es' },
    { words: 'il suo indirizzo', language: 'it' },
    { words: 'codice fiscale', language: 'it' },
    { words: 'uw wachtwoord', language: 'nl' },
    { words: 'uw vingerafdrukken', language: 'nl' },
    { words: 'ｐａｓｓｗｏｒｄ', language: 'full width' },
  ])('lets no SMS name what was lost: $words ($language)', ({ words }) => {
    expect(codesOf(withMore(SMS, words))).toContain('DATA_ELEMENT_IN_SMS');
    expect(codesOf(withMore(EMAIL, words))).toEqual([]);
  });

  it('lets no SMS name any word of its lists, nor any name of the vocabulary', () => {
    const words = Object.values(DATA_WORDS)
      .flat()
      .map((word) => word.replace('*', ''));
    const names = DataElement.options.filter((name) => name.includes('_'));
    const missed = [...words, ...names].filter(
      (word) => !codesOf(withMore(SMS, `x ${word} y`)).includes('DATA_ELEMENT_IN_SMS'),
    );
    expect(missed).toEqual([]);
    expect(words.length).toBeGreaterThan(200);
  });

  it.each([
    'Example Bank and Example Health regret it.',
    'Please be patient.',
    'Wir haben am 3. November 2026 davon erfahren.',
    'We opened 12 lines, from 8 to 18.',
    'Call us: {{contactPhone}}, 24 hours.',
    'Write to PRIVACY@example.com.',
  ])('lets through what is harmless: %s', (more) => {
    for (const words of [SMS, EMAIL, VOICE]) expect(codesOf(withMore(words, more))).toEqual([]);
  });

  it.each<{ what: string; words: Words; code: LintCode }>([
    { what: 'no contact', words: { channel: 'SMS', text: 'Something happened.' }, code: 'NO_CONTACT_WAY' },
    {
      what: 'no contact',
      words: { channel: 'VOICE', text: 'See {{preferencesUrl}}.' },
      code: 'NO_CONTACT_WAY',
    },
    {
      what: 'no way to change preferences',
      words: { ...EMAIL, text: 'See {{contactUrl}}.' },
      code: 'NO_PREFERENCES_WAY',
    },
    { what: 'no subject', words: { channel: 'EMAIL', text: EMAIL.text }, code: 'SUBJECT_MISSING' },
    { what: 'a subject', words: { ...SMS, subject: 'Notice' }, code: 'SUBJECT_NOT_SENT' },
    {
      what: 'a number in its subject',
      words: { ...EMAIL, subject: 'Call 3175550142' },
      code: 'NUMBER_IN_TEXT',
    },
  ])('refuses a text with $what: $code', ({ words, code }) => {
    expect(codesOf(words)).toEqual([code]);
  });

  it('counts an SMS with the longest values filled in', () => {
    const room = 765 - CONTACT.url.length - 128 - 1;
    const of = (length: number, fill = 'x'): Words => ({
      channel: 'SMS',
      text: `{{contactUrl}} {{incidentReference}}${fill.repeat(length)}`,
    });
    expect(codesOf(of(room))).toEqual([]);
    expect(codesOf(of(room + 1))).toEqual(['SMS_TOO_LONG']);
    // Two units each: 3GPP TS 23.038.
    expect(codesOf(of(Math.floor(room / 2) + 1, '€'))).toEqual(['SMS_TOO_LONG']);
    expect(
      codesOf({
        channel: 'EMAIL',
        subject: 'a',
        text: `{{contactUrl}}{{preferencesUrl}}${'x'.repeat(5000)}`,
      }),
    ).toEqual([]);
  });

  it('says where, and never what', () => {
    const findings = lintTemplate(
      { ...SMS, text: `${SMS.text}\n\nCall 3175550142, jane@example.org` },
      CONTACT,
    );
    expect(findings).toEqual([
      { code: 'NUMBER_IN_TEXT', in: 'text', line: 3 },
      { code: 'EMAIL_IN_TEXT', in: 'text', line: 3 },
    ]);
    for (const { code } of findings) expect(LINT_MEANING[code]).toMatch(/[a-z]/);
  });

  it('knows no address where none is declared', () => {
    const { email: _, ...contact } = CONTACT;
    const findings = lintTemplate(EMAIL, contact);
    expect(findings.map(({ code }) => code)).toEqual(['EMAIL_IN_TEXT']);
  });
});

describe('a text for an incident', () => {
  it("is filled in with the operator's own, the same for everybody", () => {
    const filled = filledIn(EMAIL, incidentOf({ contact: CONTACT }));
    expect(filled.subject).toBe('A security incident that concerns your data (SEC-17)');
    expect(filled.text).toContain(`${CONTACT.url}, ${CONTACT.phone} or`);
    expect(filled.text).toContain(`reach you: ${CONTACT.preferencesUrl}.`);
    expect(filledIn(SMS, incidentOf({ contact: CONTACT })).subject).toBeUndefined();
  });

  it.each([
    { text: SMS.text, contact: undefined, code: 'CONTACT_MISSING' },
    { text: 'Dear {{name}}', contact: CONTACT, code: 'UNKNOWN_PLACEHOLDER' },
    { text: 'Dear {{constructor}}', contact: CONTACT, code: 'UNKNOWN_PLACEHOLDER' },
  ])('is not filled in: $code', ({ text, contact, code }) => {
    const incident = incidentOf(contact === undefined ? {} : { contact });
    expect(() => filledIn({ text }, incident)).toThrow(expect.objectContaining({ code }));
  });
});
