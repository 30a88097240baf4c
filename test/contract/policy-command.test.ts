import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkPolicy } from '../../lib/domain/policy/check-policy.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialguard-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const ROOT = new URL('../..', import.meta.url);

function dialguard(...args: readonly string[]) {
  return spawnSync(process.execPath, ['bin/dialguard.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
}

describe('dialguard policy', () => {
  test('what it shows is the way to start: valid, and the same rules', () => {
    const shown = dialguard('policy', 'show', '--json').stdout;
    expect(checkPolicy(shown)).toEqual({ policy: DEFAULT_POLICY, warnings: [] });
    const own = join(folder, 'own.json');
    writeFileSync(own, shown.replace(/"version": "[^"]+"/, '"version": "ours.1"'));
    const { status, stdout } = dialguard('policy', 'validate', own);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining('is a policy: ours.1+'),
    });
    expect(dialguard('policy', 'diff', 'active', own).stdout).toContain('have the same rules');
  });

  test('a file that is none is refused with exit code 1 and every problem', () => {
    const [rule] = DEFAULT_POLICY.rules;
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, JSON.stringify({ version: '1', rules: [{ ...rule, channels: [], citation: '' }] }));
    const { status, stdout } = dialguard('policy', 'validate', broken);
    expect(status).toBe(1);
    expect(stdout.match(/rules\[0\] \([a-z0-9-]+\)\.(channels|citation): /g)).toHaveLength(2);
    expect(dialguard('policy', 'what-if', broken, '--since', '30d')).toMatchObject({ status: 1 });
  });

  test.each([
    {
      args: ['policy', 'what-if', 'x.json', '--since', 'yesterday'],
      said: /--since: expected a day such as/,
    },
    { args: ['policy', 'show', '--hash', 'abc'], said: /--hash: expected 64/ },
    { args: ['policy', 'diff', 'active', 'none.json'], said: /no policy file .*none\.json/ },
  ])('$args is refused with a sentence', ({ args, said }) => {
    const { status, stderr } = dialguard(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(said);
  });
});
