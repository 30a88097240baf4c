import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { queriesPage } from '../../../bin/generate-queries-page.ts';
import { SAVED_QUERIES } from '../../../lib/domain/audit-queries/saved-queries.ts';
import { VIEWS } from '../../../lib/domain/audit-queries/views.ts';

const page = readFileSync(new URL('../../../docs/queries.md', import.meta.url), 'utf8');

describe('the page of queries', () => {
  it('is what the generator makes of the views and the saved queries', () => {
    expect(page).toBe(queriesPage());
  });

  it.each(SAVED_QUERIES)('has $name, with its SQL', ({ name, sql }) => {
    expect(page).toContain(`\`${name}\`.`);
    expect(page).toContain(`\`\`\`sql\n${sql}\n\`\`\``);
  });

  it.each(VIEWS)('has every column of $name', ({ name, columns }) => {
    const [section = ''] = (page.split(`\n### ${name}\n`)[1] ?? '').split('\n### ');
    const documented = [...section.matchAll(/^\| (\w+) \| (?!type)/gm)].map(([, column]) => column);
    expect(documented).toEqual(columns.map((column) => column.name));
  });
});
