/** A text that a stranger wrote: nothing in it may move the cursor, colour the terminal or hide. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? ' / ' : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
