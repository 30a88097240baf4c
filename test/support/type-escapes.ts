import { parseAst } from 'vitest/node';

/**
 * What escapes the type checker in a TypeScript source: casts, as `as T` or `<T>`, and every `any`. `as const` is no
 * escape. Throws where the source cannot be parsed.
 */
export function typeEscapesIn(source: string): readonly string[] {
  return nodesOf(parseAst(source, { lang: 'ts' })).flatMap((node) => {
    if (!('type' in node)) return [];
    if (node.type === 'TSAnyKeyword') return ['any'];
    const cast = 'typeAnnotation' in node ? textOf(source, node.typeAnnotation) : '';
    if (cast === 'const') return [];
    if (node.type === 'TSAsExpression') return [`as ${cast}`];
    return node.type === 'TSTypeAssertion' ? [`<${cast}>`] : [];
  });
}

function nodesOf(node: unknown): readonly object[] {
  if (typeof node !== 'object' || node === null) return [];
  return [node, ...Object.values(node).flatMap(nodesOf)];
}

function textOf(source: string, node: unknown): string {
  if (typeof node !== 'object' || node === null || !('start' in node) || !('end' in node)) return '';
  return source.slice(Number(node.start), Number(node.end));
}
