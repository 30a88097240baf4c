import { KEYWORDS, type Language, STOP_SIGNS } from './keywords.ts';

export type Classification =
  /** `keyword` names the words of our own list that were found, never the message. */
  | { readonly classified: 'OPT_OUT'; readonly keyword: string; readonly language: Language }
  | { readonly classified: 'DOUBTFUL'; readonly keyword: string }
  | { readonly classified: 'OPT_IN' | 'NONE' };

type Meaning = 'OPT_OUT' | 'OPT_OUT_ALONE' | 'DOUBTFUL' | 'OPT_IN';
type Phrase = {
  readonly words: readonly string[];
  readonly meaning: Meaning;
  readonly language: Language;
  readonly keyword: string;
};

/**
 * What an inbound message says about further contact. A message of nothing but opt-out words is an opt-out (47 CFR
 * 64.1200(a)(10)); one that holds such words among others, or others that could mean it, is a doubt that a person must
 * read. Letter case, punctuation, blanks, accents, full-width and invisible characters make no difference. Takes time
 * linear in the length of the text; never throws.
 */
export function classifyMessage(text: string): Classification {
  const words = wordsOf(text);
  const [optOut] = phrasesThatAre(words, (meaning) => meaning === 'OPT_OUT' || meaning === 'OPT_OUT_ALONE');
  if (optOut !== undefined) {
    return { classified: 'OPT_OUT', keyword: optOut.keyword, language: optOut.language };
  }
  if (phrasesThatAre(words, (meaning) => meaning === 'OPT_IN').length > 0) return { classified: 'OPT_IN' };
  const found = phraseIn(words);
  if (found !== undefined) return { classified: 'DOUBTFUL', keyword: found.keyword };
  const sign = STOP_SIGNS.some((picture) => text.includes(picture));
  return sign ? { classified: 'DOUBTFUL', keyword: 'stop-sign' } : { classified: 'NONE' };
}

const PHRASES = new Map<string | undefined, Phrase[]>();
for (const [language, { optOut, optOutAlone, doubtful, optIn }] of typedEntries(KEYWORDS)) {
  add(language, 'OPT_OUT', optOut);
  add(language, 'OPT_OUT_ALONE', optOutAlone);
  add(language, 'DOUBTFUL', doubtful);
  add(language, 'OPT_IN', optIn);
}
for (const phrases of PHRASES.values()) phrases.sort((a, b) => b.words.length - a.words.length);

function add(language: Language, meaning: Meaning, texts: readonly string[]): void {
  for (const text of texts) {
    const words = text.split(' ');
    const [first] = words;
    const phrase = { words, meaning, language, keyword: `${language}:${words.join('-')}` };
    PHRASES.set(first, [...(PHRASES.get(first) ?? []), phrase]);
  }
}

function typedEntries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  const entries: [Key, Value][] = [];
  for (const key in record) entries.push([key, record[key]]);
  return entries;
}

/** The longest phrase that begins at a word; phrases have at most six words, so this takes constant time. */
function phraseAt(
  words: readonly string[],
  start: number,
  counts: (meaning: Meaning) => boolean,
): Phrase | undefined {
  return PHRASES.get(words[start])?.find(
    (phrase) =>
      counts(phrase.meaning) && phrase.words.every((word, offset) => words[start + offset] === word),
  );
}

/** The phrases that a message consists of, where it consists of nothing else; none otherwise. */
function phrasesThatAre(words: readonly string[], counts: (meaning: Meaning) => boolean): readonly Phrase[] {
  const phrases: Phrase[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = phraseAt(words, at, counts);
    if (phrase === undefined) return [];
    phrases.push(phrase);
    at += phrase.words.length;
  }
  return phrases;
}

function phraseIn(words: readonly string[]): Phrase | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const phrase = phraseAt(words, at, (meaning) => meaning === 'OPT_OUT' || meaning === 'DOUBTFUL');
    if (phrase !== undefined) return phrase;
  }
  return undefined;
}

/** The words of a text without case, accents and what cannot be seen: `Ｓ.Ｔ.Ｏ.Ｐ` and `stoooop` are `stop`. */
function wordsOf(text: string): readonly string[] {
  const folded = text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/n['’ʼ]t(?!\p{L})/gu, 'nt')
    .replace(/(\p{L})\1{2,}/gu, '$1');
  return joinSpelled(folded.match(/\p{L}+|\p{N}+/gu) ?? []);
}

/** Joins three and more single letters in a row: a word that somebody spelled out. */
function joinSpelled(words: readonly string[]): readonly string[] {
  const joined: string[] = [];
  let letters: string[] = [];
  for (const word of words) {
    if (/^\p{L}$/u.test(word)) {
      letters.push(word);
    } else {
      joined.push(...spelled(letters), word);
      letters = [];
    }
  }
  return [...joined, ...spelled(letters)];
}

function spelled(letters: readonly string[]): readonly string[] {
  return letters.length > 2 ? [letters.join('')] : letters;
}
