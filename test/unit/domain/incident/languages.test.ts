import { describe, expect, it } from 'vitest';
import { languageFor } from '../../../../lib/domain/incident/languages.ts';

const AVAILABLE = ['de', 'en', 'es', 'pt', 'pt-BR', 'zh-Hant'];

describe('the language of a notice', () => {
  it.each([
    { wanted: ['de'], language: 'de' },
    { wanted: ['de-AT'], language: 'de' },
    { wanted: ['pt-BR'], language: 'pt-BR' },
    { wanted: ['pt_br'], language: 'pt-BR' },
    { wanted: ['PT-AO'], language: 'pt' },
    { wanted: ['zh-Hant-TW'], language: 'zh-Hant' },
    // Puerto Rico: Spanish, whatever the country says.
    { wanted: ['es-PR', 'en'], language: 'es' },
    { wanted: ['it', 'en-GB'], language: 'en' },
    { wanted: ['zh'], language: undefined },
    { wanted: ['d', ''], language: undefined },
    { wanted: [], language: undefined },
  ])('for $wanted is $language', ({ wanted, language }) => {
    expect(languageFor(wanted, AVAILABLE)).toBe(language);
  });
});
