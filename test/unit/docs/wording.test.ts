import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '../../../lib/domain/policy/default-policy.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }));
const policy = { name: 'the policy', text: JSON.stringify(DEFAULT_POLICY.rules) };

describe.each([...documents, policy])('$name', ({ text }) => {
  it('TB27: rests on no standard that the rules do not know', () => {
    expect(text).not.toMatch(/reasonable diligence/i);
  });

  it('TB28: names damages only with their conditions', () => {
    for (const line of text.split('\n').filter((one) => /\$\s?500\b|\$\s?1,500\b/.test(one))) {
      expect(line).toMatch(/more than one call in 12 months/);
      expect(line).toMatch(/willful/);
    }
  });
});

describe('the document for counsel', () => {
  const text = documents.find(({ name }) => name.endsWith('compliance.md'))?.text ?? '';

  it('TB27: names the tests that there are', () => {
    expect(text).toContain('47 CFR 64.1200(c)(2)(i)');
    expect(text).toContain('16 CFR 310.4(b)(3)');
  });

  it('TB28: says what a private action needs', () => {
    expect(text).toContain('47 USC 227(c)(5)');
    expect(text).toMatch(/\$500/);
  });
});
