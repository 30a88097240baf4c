import type { Language } from './templates.ts';

/**
 * Which of the languages that there are serves somebody best: lookup of RFC 4647, section 3.4, for each of `wanted` in its
 * order, so that `pt-BR` is served by `pt` where there is no `pt-BR`. Undefined where none does.
 */
export function languageFor<Available extends Language>(
  wanted: readonly string[],
  available: readonly Available[],
): Available | undefined {
  for (const tag of wanted) {
    const subtags = tag.toLowerCase().replaceAll('_', '-').split('-');
    for (let length = subtags.length; length > 0; length -= 1) {
      const range = subtags.slice(0, length).join('-');
      const found = available.find((language) => language.toLowerCase() === range);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
