import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { ownPolicy, policyConstants, policyInForce, ROOT, readPolicyFile } from '../../bin/policy-file.ts';
import { type Constants, esbuildBundles } from '../../lib/constructs/bundle.ts';
import { documentText } from '../../lib/domain/policy/archive.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { policyOf } from '../../lib/domain/policy/policy.ts';
import { context } from './templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialguard-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [first, ...rest] = DEFAULT_POLICY.rules;
if (first === undefined) throw new Error('expected a rule');
const BROKEN = JSON.stringify({ version: '1', rules: [{ ...first, channels: [] }] });
const OWN = policyOf({ version: 'ours.1', rules: [{ ...first, note: 'We say so.' }, ...rest] });

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** The bundled code of a Lambda. */
function bundled(name: string, constants?: Constants): string {
  const app = new App({ builtinCloudFormationValidation: false });
  const code = esbuildBundles(ROOT)(constants)(name);
  const props = { code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X };
  new LambdaFunction(new Stack(app, 'Stack'), 'Function', props);
  const { directory } = app.synth();
  const [asset = ''] = readdirSync(directory).filter((entry) => entry.startsWith('asset.'));
  return join(directory, asset, 'index.js');
}

/** The policy by which a bundled check-consent answers; it need not reach any store to say so. */
async function policyOfCheck(path: string): Promise<string> {
  const environment = {
    ...{ CONTACT_POINTS_TABLE: 'a', REGISTRY_BLOCKS_TABLE: 'b', PEPPER_SECRET_ARN: 'c' },
    ...{ CASES_TABLE: 'd', LEGAL_ALERTS_TOPIC_ARN: 'e', RESIDENCY: 'US', CHECK_BUDGET_MS: '100' },
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const output = z.promise(z.object({ policyVersion: z.string() }));
  const { handler } = z
    .object({ handler: z.function({ input: [z.unknown()], output }) })
    .parse(createRequire(import.meta.url)(path));
  const { policyVersion } = await handler({});
  vi.unstubAllEnvs();
  return policyVersion;
}

/** Synthesizes one deployment as the CDK does, without code. */
function synthesize(policyFile: string) {
  const dialguard = {
    ...z.record(z.string(), z.unknown()).parse(context['dialguard']),
    'dev-us': { policyFile },
  };
  const given = { ...context, dialguard, stage: 'dev', residency: 'US', code: 'none' };
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(given), CDK_OUTDIR: join(folder, 'out') };
  return spawnSync(process.execPath, ['bin/app.ts'], { cwd: ROOT, env, encoding: 'utf8' });
}

describe('a deployment with a policy file', () => {
  it('decides by it; one without decides by the policy that ships', async () => {
    expect(await policyOfCheck(bundled('check-consent', policyConstants(OWN)))).toBe(OWN.name);
    expect(await policyOfCheck(bundled('check-consent', policyConstants(DEFAULT_POLICY)))).toBe(
      DEFAULT_POLICY.name,
    );
  });

  it('keeps its text with its log, and has the same code as others elsewhere', () => {
    expect(readFileSync(bundled('append-audit-log', policyConstants(OWN)), 'utf8')).toContain('ours.1');
    const same = [bundled('manage-hold', policyConstants(OWN)), bundled('manage-hold')];
    expect(new Set(same.map((path) => readFileSync(path, 'utf8'))).size).toBe(1);
  });

  it('has no Lambda that decides by the policy that ships, whatever was put in its place', () => {
    const sources = globSync('lambdas/*/*.ts', { cwd: ROOT }).map((path) => [path, join(ROOT, path)]);
    expect(sources.length).toBeGreaterThan(20);
    const fixed = sources.filter(([, path = '']) => readFileSync(path, 'utf8').includes('default-policy'));
    expect(fixed).toEqual([]);
  });

  it('is synthesized if the file is a policy', () => {
    const { status, stderr } = synthesize(file('own.json', JSON.stringify(JSON.parse(documentText(OWN)))));
    expect(stderr).not.toContain('policy');
    expect(status).toBe(0);
  });

  it('is not synthesized if it is none, and told why', () => {
    const { status, stderr } = synthesize(file('broken.json', BROKEN));
    expect(status).not.toBe(0);
    expect(stderr).toContain(`rules[0] (${first.id}).channels: `);
  });
});

describe('a policy file', () => {
  it.each([
    { fault: 'does not exist', path: () => join(folder, 'none.json'), said: /no policy file .*none\.json/ },
    { fault: 'is no JSON', path: () => file('text.json', 'rules:'), said: /no JSON/ },
    {
      fault: 'has a broken rule',
      path: () => file('broken.json', BROKEN),
      said: /is no policy:\n {2}rules\[0\]/,
    },
  ])('that $fault is refused', ({ path, said }) => {
    expect(() => readPolicyFile(path())).toThrow(said);
  });
});

describe('the command', () => {
  it('works by the policy that cdk.json gives the deployment', () => {
    expect(policyInForce('dev', 'US')).toEqual(DEFAULT_POLICY);
    expect(ownPolicy({ policyFile: file('command.json', documentText(OWN)) })).toEqual(OWN);
    expect(ownPolicy({})).toBeUndefined();
  });
});
