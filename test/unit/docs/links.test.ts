import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documents = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('links to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    for (const target of links) {
      expect([target, existsSync(join(root, dirname(document), target))]).toEqual([target, true]);
    }
  });

  it('names files of the project that exist', () => {
    const paths = [
      ...text.matchAll(/(?<![\w/.])(?:lib|lambdas|bin|test|bench|docs)\/[\w./-]*[\w/](?![\w<*{])/g),
    ].map(([path]) => path);
    for (const path of paths) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
  });
});
