import { PLACEHOLDER, PLACEHOLDERS } from './fill-in.ts';
import type { NoticeContact } from './incident.ts';
import { DataElement } from './incident.ts';
import { DATA_WORDS, OPT_OUT_WORDS } from './template-words.data.ts';
import type { TemplateText } from './templates.ts';

/** What is wrong with a text; a code, never the words themselves. */
export type LintCode =
  | 'NUMBER_IN_TEXT'
  | 'EMAIL_IN_TEXT'
  | 'LINK_IN_TEXT'
  | 'HIDDEN_CHARACTER'
  | 'UNKNOWN_PLACEHOLDER'
  | 'BROKEN_PLACEHOLDER'
  | 'SUBJECT_MISSING'
  | 'SUBJECT_NOT_SENT'
  | 'NO_CONTACT_WAY'
  | 'NO_PREFERENCES_WAY'
  | 'FALSE_OPT_OUT'
  | 'DATA_ELEMENT_IN_SMS'
  | 'SMS_TOO_LONG';

export type LintFinding = {
  readonly code: LintCode;
  readonly in: 'subject' | 'text';
  /** 1 is the first. */
  readonly line: number;
};

/** What is said of each finding, for whoever wrote the text. */
export const LINT_MEANING: Readonly<Record<LintCode, string>> = {
  NUMBER_IN_TEXT:
    'seven digits or more: a number, a card or an id must not stand in a text; write dates in words',
  EMAIL_IN_TEXT: 'an e-mail address other than the declared contact',
  LINK_IN_TEXT: 'a link that is no placeholder: use {{contactUrl}} or {{preferencesUrl}}',
  HIDDEN_CHARACTER: 'a character that nobody sees',
  UNKNOWN_PLACEHOLDER: `a placeholder other than ${PLACEHOLDERS.map((name) => `{{${name}}}`).join(', ')}`,
  BROKEN_PLACEHOLDER: 'braces that are no placeholder',
  SUBJECT_MISSING: 'an e-mail without a subject',
  SUBJECT_NOT_SENT: 'a subject where none is sent',
  NO_CONTACT_WAY: 'no {{contactUrl}} or {{contactPhone}} (GDPR Art 34(2), 33(3)(b))',
  NO_PREFERENCES_WAY: 'an e-mail without {{preferencesUrl}}: say how to change how one is reached',
  FALSE_OPT_OUT: 'an offer to end notices that the law demands: link {{preferencesUrl}} instead',
  DATA_ELEMENT_IN_SMS: 'a kind of data, which an SMS shows to whoever sees the screen',
  SMS_TOO_LONG: 'more than 765 characters, with the longest values filled in',
};

/** Five parts of 153; Genesys Cloud takes no more. */
const SMS_LENGTH = 765;
/** The longest id that an incident can have as its reference. */
const REFERENCE_LENGTH = 128;
const LIKE_A_NUMBER = /(?:\p{Nd}[\s.,:;/\\()_+-]{0,3}){7}/u;
const EMAIL = /[^\s<>()[\]"'{},;:]+@[^\s<>()[\]"'{},;:]+/gu;
const LINK = /\b(?:https?:\/\/|www\.)/iu;
/** Control characters but tab and line ends, and format characters: zero widths, directions, tags. */
const HIDDEN = /[\p{Cf}]|(?![\t\n\r])\p{Cc}/u;
/** Two units each in the alphabet of SMS (3GPP TS 23.038, section 6.2.1.1). */
const EXTENDED = /[\^{}\\[\]~|€\f]/gu;

type Words = Pick<TemplateText, 'channel' | 'subject' | 'text'>;

/** Everything that speaks against a text, in the order of its lines; [] is good. */
export function lintTemplate(
  template: Words,
  contact: Pick<NoticeContact, 'url' | 'phone' | 'preferencesUrl' | 'email'>,
): readonly LintFinding[] {
  const { subject, text } = template;
  return [
    ...(subject === undefined ? [] : linesOf(subject, 'subject', template, contact)),
    ...linesOf(text, 'text', template, contact),
    ...wholeOf(template, contact),
  ];
}

function linesOf(
  words: string,
  where: LintFinding['in'],
  { channel }: Words,
  { email }: Pick<NoticeContact, 'email'>,
): readonly LintFinding[] {
  return words
    .split('\n')
    .flatMap((line, index) =>
      codesOf(line, channel, email).map((code) => ({ code, in: where, line: index + 1 })),
    );
}

function codesOf(line: string, channel: Words['channel'], email: string | undefined): readonly LintCode[] {
  const names = [...line.matchAll(PLACEHOLDER)].map(([, name]) => name);
  // Full-width digits and the like are what they look like.
  const rest = line.replace(PLACEHOLDER, ' ').normalize('NFKC');
  const folded = folding(rest);
  const found: readonly (readonly [LintCode, boolean])[] = [
    ['UNKNOWN_PLACEHOLDER', names.some((name) => !PLACEHOLDERS.some((known) => known === name))],
    ['BROKEN_PLACEHOLDER', /[{}]/.test(rest)],
    ['HIDDEN_CHARACTER', HIDDEN.test(line)],
    ['NUMBER_IN_TEXT', LIKE_A_NUMBER.test(rest)],
    ['EMAIL_IN_TEXT', [...rest.matchAll(EMAIL)].some(([found]) => !isDeclared(found, email))],
    ['LINK_IN_TEXT', LINK.test(rest)],
    ['FALSE_OPT_OUT', OPT_OUT.test(folded)],
    ['DATA_ELEMENT_IN_SMS', channel === 'SMS' && (DATA.test(folded) || NAMES.test(rest))],
  ];
  return found.flatMap(([code, is]) => (is ? [code] : []));
}

function wholeOf(
  { channel, subject, text }: Words,
  contact: Pick<NoticeContact, 'url' | 'phone' | 'preferencesUrl'>,
): readonly LintFinding[] {
  const names = new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name));
  const found: readonly (readonly [LintCode, boolean])[] = [
    ['NO_CONTACT_WAY', !names.has('contactUrl') && !names.has('contactPhone')],
    ['NO_PREFERENCES_WAY', channel === 'EMAIL' && !names.has('preferencesUrl')],
    ['SMS_TOO_LONG', channel === 'SMS' && lengthOf(text, contact) > SMS_LENGTH],
    ['SUBJECT_MISSING', channel === 'EMAIL' && subject === undefined],
    ['SUBJECT_NOT_SENT', channel !== 'EMAIL' && subject !== undefined],
  ];
  return found.flatMap(([code, is]) => (is ? [{ code, in: 'text' as const, line: 1 }] : []));
}

/** With the operator's values in their places, and the longest reference that there can be. */
function lengthOf(
  text: string,
  { url, phone, preferencesUrl }: Pick<NoticeContact, 'url' | 'phone' | 'preferencesUrl'>,
): number {
  const lengths: ReadonlyMap<string, number> = new Map([
    ['incidentReference', REFERENCE_LENGTH],
    ['contactUrl', url.length],
    ['contactPhone', phone.length],
    ['preferencesUrl', preferencesUrl.length],
  ]);
  const filled = text.replace(PLACEHOLDER, (whole, name: string) =>
    'x'.repeat(lengths.get(name) ?? whole.length),
  );
  return filled.length + [...filled.matchAll(EXTENDED)].length;
}

function isDeclared(found: string, email: string | undefined): boolean {
  return found.replace(/[.!?]+$/, '').toLowerCase() === email?.toLowerCase();
}

/** Lower case, without accents, with one blank for whatever is no letter and no digit, and at both ends. */
function folding(words: string): string {
  const plain = words.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
  return ` ${plain.replace(/['’]/g, ' ').replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
}

const DATA = wordsPattern(Object.values(DATA_WORDS).flat());
const OPT_OUT = wordsPattern(OPT_OUT_WORDS);
/** As the incident's own vocabulary has them. */
const NAMES = new RegExp(`\\b(?:${DataElement.options.filter((name) => name.includes('_')).join('|')})\\b`);

function wordsPattern(words: readonly string[]): RegExp {
  const patterns = words.map((word) => (word.endsWith('*') ? `${word.slice(0, -1)}\\p{L}*` : word));
  return new RegExp(` (?:${patterns.join('|')})(?= )`, 'u');
}
