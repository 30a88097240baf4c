import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Settings } from '../../../lib/stacks/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const names = (folder: string) => readdirSync(join(root, folder), { encoding: 'utf8' });

describe('what the documents name', () => {
  it('settings: the table of docs/deploy.md has each, and no other', () => {
    const table = read('docs/deploy.md').split('| setting | meaning |')[1]?.split('\n\n')[0] ?? '';
    const documented = table
      .split('\n')
      .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(documented.toSorted()).toEqual(Object.keys(Settings.shape).toSorted());
  });

  it('commands: `dialguard` has each of them', () => {
    const commands = names('bin/commands')
      .flatMap((file) => [...read(`bin/commands/${file}`).matchAll(/\.command\('([\w-]+)/g)])
      .map(([, name]) => name);
    const documents = [
      'README.md',
      ...names('docs')
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ];
    const named = documents
      .flatMap((file) => [...read(file).matchAll(/npx dialguard (?!--)([\w-]+)/g)])
      .map(([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(commands).toEqual(expect.arrayContaining(named));
  });

  it('scripts: package.json has each of them', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [
      ...read('docs/deploy.md').matchAll(/npm run ([\w:-]+)/g),
      ...read('docs/performance.md').matchAll(/npm run ([\w:-]+)/g),
    ];
    expect(named.length).toBeGreaterThan(3);
    for (const [, name = ''] of named) expect(Object.keys(scripts)).toContain(name);
  });
});
