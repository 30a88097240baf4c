import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deployments } from '../../lib/stacks/deployments.ts';

const folder = new URL('../../.github/workflows/', import.meta.url);
const workflows = readdirSync(folder).map(
  (name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const,
);

describe.each(workflows)('%s', (_name, text) => {
  it('pins every action to an exact version', () => {
    const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(0);
    for (const action of uses) expect(action).toMatch(/^\.\/|@v\d+\.\d+\.\d+$/);
  });

  it('has no long-lived keys: AWS is reached through a role, by a token of the run', () => {
    expect(text).not.toMatch(/access[-_]key|secrets\./i);
    expect(text.includes('aws-actions/') && !text.includes('id-token: write')).toBe(false);
  });

  it('names the regions of the deployments', () => {
    const regions = new Map(deployments.map(({ residency, region }) => [residency, region]));
    for (const [, residency, region] of text.matchAll(/residency: (\w+),.* region: ([\w-]+)/g)) {
      expect([residency, region]).toEqual([residency, regions.get(residency === 'EU' ? 'EU' : 'US')]);
    }
  });
});

it('the stages are deployed in their order, each after the one before', () => {
  const deploy = readFileSync(new URL('deploy.yml', folder), 'utf8');
  const order = [...deploy.matchAll(/^ {2}(\w+):\n {4}needs: (\w+)/gm)].map(([, job, needs]) => [needs, job]);
  expect(order).toEqual([
    ['ci', 'dev'],
    ['dev', 'staging'],
    ['staging', 'prod'],
  ]);
});
