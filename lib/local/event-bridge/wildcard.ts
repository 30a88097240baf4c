import { invalidPattern } from './pattern-json.ts';

const ESCAPED = /\\(.?)/gs;

/**
 * Compiles a wildcard: `*` stands for any characters, `\*` and `\\` for themselves. Consecutive wildcards and other
 * escapes are not allowed (Amazon EventBridge User Guide, "Matching using wildcards").
 */
export function compileWildcard(pattern: string): (value: string) => boolean {
  for (const [, escaped] of pattern.matchAll(ESCAPED)) {
    if (escaped !== '*' && escaped !== '\\')
      throw invalidPattern('Only * and \\ can be escaped in a wildcard.');
  }
  const segments = split(pattern);
  if (segments.slice(1, -1).includes('')) throw invalidPattern('Consecutive wildcard characters.');
  const [first = '', ...others] = segments;
  const last = others.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first)) return false;
    // Each segment at its first possible place: greedy search decides wildcards in linear time, unlike a regular expression.
    let position = first.length;
    for (const segment of others) {
      const at = value.indexOf(segment, position);
      if (at < 0) return false;
      position = at + segment.length;
    }
    return value.length - last.length >= position && value.endsWith(last);
  };
}

/** The literal text between unescaped asterisks. */
function split(pattern: string): string[] {
  const segments = [''];
  for (const [part] of pattern.matchAll(/\\.|[^\\]/gs)) {
    if (part === '*') segments.push('');
    else segments[segments.length - 1] += part.startsWith('\\') ? part.slice(1) : part;
  }
  return segments;
}
