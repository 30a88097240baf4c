import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../../lib/domain/genesys-setup/findings.ts';
import { Plan } from '../../../lib/domain/genesys-setup/plan.ts';

const page = readFileSync(
  join(fileURLToPath(new URL('../../../', import.meta.url)), 'docs/genesys.md'),
  'utf8',
);

function rowsOf(header: string): string[][] {
  const table = page.split(`${header}\n`)[1]?.split('\n\n')[0] ?? '';
  const rows = table.split('\n').slice(1);
  return rows.map((row) =>
    row
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

describe('docs/genesys.md', () => {
  it('has each code of the doctor, with its severity', () => {
    const rows = rowsOf('| code | severity | found where |').map(([code, severity]) => ({ code, severity }));
    expect(rows).toEqual(CHECKS.map(({ code, severity }) => ({ code, severity })));
  });

  it('has each field of a plan', () => {
    const rows = rowsOf('| field | meaning |').map(([field]) => field?.replaceAll('`', ''));
    expect(rows.toSorted()).toEqual(Object.keys(Plan.shape).toSorted());
  });

  it('shows a plan that is one', () => {
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(Plan.safeParse(JSON.parse(example)).error).toBeUndefined();
  });
});
