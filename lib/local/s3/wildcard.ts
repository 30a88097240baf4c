/** A policy's pattern: `*` for any characters, `?` for one, all else literally. */
export function wildcardPattern(text: string): RegExp {
  const literal = text.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*+/g, '.*').replace(/\?/g, '.')}$`, 's');
}
