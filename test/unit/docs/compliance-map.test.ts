import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = readFileSync(join(root, 'docs/compliance.md'), 'utf8');

/** The rows of all tables under a heading of the second level, each as its cells. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  const cells = lines.map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  return cells.filter(([id]) => id !== 'id' && id !== 'rule');
}

type Named = { readonly path: string; readonly title: string | undefined };

function named(cell: string): readonly Named[] {
  return [...cell.matchAll(/`([^`]+)`(?: "([^"]+)")?/g)].map(([, path = '', title]) => ({ path, title }));
}

const requirements = [...rowsUnder('Promises'), ...rowsUnder('Invariants')].map(
  ([id = '', sentence = '', state = '', code = '', test = '']) => ({ id, sentence, state, code, test }),
);
const rules = rowsUnder('Rules of the policy').map(
  ([id = '', jurisdiction = '', citation = '', confirmed = '', contested = '', test = '']) => ({
    id,
    jurisdiction,
    citation,
    confirmed,
    contested,
    test,
  }),
);
const upTo = (prefix: string, last: number) => Array.from({ length: last }, (_, at) => `${prefix}${at + 1}`);
const everyId = [
  ...[...upTo('T', 26), ...upTo('E', 20), ...upTo('TB', 37), ...upTo('EB', 14)],
  ...[
    ...upTo('G', 19),
    ...upTo('GB', 8),
    ...upTo('M', 20),
    ...upTo('MB', 7),
    ...upTo('B', 16),
    ...upTo('BB', 15),
    ...upTo('D', 8),
    ...upTo('X', 5),
  ],
  ...upTo('I', 25),
];
const source = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the map of requirements', () => {
  it('has one row for each', () => {
    expect(requirements.map(({ id }) => id)).toEqual(everyId);
  });

  it.each(requirements)('$id: a sentence, a state, and what that state needs', (row) => {
    expect(row.sentence).toMatch(/^\S.{15,}\.$/);
    expect(row.state).toMatch(/^(built|partly|not built|text)(?=$|[:;])/);
    if (row.state.startsWith('partly')) expect(row.state.length).toBeGreaterThan('partly: '.length);
    if (!row.state.startsWith('not built')) {
      expect(named(row.code)).not.toEqual([]);
      expect(named(row.test)).not.toEqual([]);
    }
  });

  it.each([...requirements, ...rules])('$id names only what exists', (row) => {
    for (const { path } of 'code' in row ? named(row.code) : [])
      expect([path, existsSync(join(root, path))]).toEqual([path, true]);
    for (const { path, title } of named(row.test)) {
      expect(path).toMatch(/^test\/.*\.test\.ts$/);
      expect(source(path)).toContain(title ?? '');
    }
  });

  it.each(requirements.filter(({ id, state }) => /^(TB|EB)/.test(id) && !state.startsWith('not built')))(
    '$id is the title of a test that its row names',
    ({ id, test }) => {
      const title = new RegExp(`^.*['"\`][^'"\`]*\\b${id}\\b`, 'm');
      expect(named(test).some(({ path }) => title.test(source(path)))).toBe(true);
    },
  );
});

describe('the map of rules', () => {
  it('says what the rule says, of rules that the policy has, each once', () => {
    const countries = (list: readonly string[]) => list.join(', ');
    const shipped = DEFAULT_POLICY.rules.map(({ id, jurisdiction, citation, contested }) => ({
      id,
      jurisdiction:
        'except' in jurisdiction
          ? ['everywhere', countries(jurisdiction.except)].filter((part) => part !== '').join(' but ')
          : countries('countries' in jurisdiction ? jurisdiction.countries : jurisdiction.regions),
      citation,
      contested: contested ? 'yes' : 'no',
    }));
    for (const { test: _test, confirmed: _confirmed, ...row } of rules) expect(shipped).toContainEqual(row);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(text).toContain(`policy version ${DEFAULT_POLICY.version}`);
  });

  it('leaves no rule out: what has no row here has one in policy.md', () => {
    const listed = new Set(rules.map(({ id }) => id));
    const page = source('docs/policy.md');
    for (const { id } of DEFAULT_POLICY.rules)
      expect([id, listed.has(id) || page.includes(`| ${id} |`)]).toEqual([id, true]);
  });

  it('says of each whether its text was read, and names a test', () => {
    for (const { confirmed, test } of rules) {
      expect(confirmed).toMatch(/^(yes|no|operator's own|for|that)/);
      expect(named(test)).not.toEqual([]);
    }
  });
});
