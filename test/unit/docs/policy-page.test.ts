import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policyPage } from '../../../bin/generate-policy-page.ts';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';

const page = readFileSync(new URL('../../../docs/policy.md', import.meta.url), 'utf8');

describe('the page of the policy', () => {
  it('is what the generator makes of the document', () => {
    expect(page).toBe(policyPage(DEFAULT_POLICY));
  });

  it.each(DEFAULT_POLICY.rules)('has one whole row for $id', ({ id }) => {
    const rows = page.split('\n').filter((line) => line.startsWith(`| ${id} |`));
    expect(rows.map((row) => row.split('|').length)).toEqual([12]);
  });
});
