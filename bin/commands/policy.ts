import { resolve } from 'node:path';
import type { Command } from 'commander';
import * as z from 'zod';
import { withFcc2667 } from '../../lib/domain/policy/default/fcc-26-67.ts';
import { DEFAULT_POLICY } from '../../lib/domain/policy/default-policy.ts';
import { diffPolicies } from '../../lib/domain/policy/diff.ts';
import { type Policy, type PolicyDocument, policyOf } from '../../lib/domain/policy/policy.ts';
import { renderDiff, renderPolicy } from '../../lib/domain/policy/render-policy.ts';
import { checkPolicyFile, policyInForce, readPolicyFile } from '../policy-file.ts';
import { auditBucket } from './audit-bucket.ts';
import { connect, globalOptions, parseOptions } from './connection.ts';
import { print } from './output.ts';
import { addWhatIf } from './what-if.ts';

/** `dialguard policy`: what is decided by, and what a change of it would do. */
export function addPolicy(program: Command): void {
  const policy = program.command('policy').description('the rules that decisions follow');
  addShow(policy);
  addValidate(policy);
  addDiff(policy);
  addWhatIf(policy);
}

const HASH = /^[0-9a-f]{64}$/;
const ShowOptions = z.object({
  hash: z.string().regex(HASH, 'expected 64 lower-case hex digits').optional(),
  fcc2667From: z.iso.date('expected a day, such as 2026-12-31').optional(),
});

function addShow(policy: Command): void {
  policy
    .command('show')
    .description("the deployment's policy; with --json its document, to begin one of your own with")
    .option('--hash <hash>', 'a policy that a logged decision names')
    .option('--fcc-26-67-from <date>', 'the variant in which FCC 26-67 is in effect from that day on')
    .addHelpText('after', '\nExample:\n  $ npx dialguard policy show --json > my-policy.json')
    .action(async (_options: unknown, command: Command) => {
      const { hash = 'active', fcc2667From } = parseOptions(ShowOptions, command.opts());
      const named = await policyNamed(command, hash);
      const found = fcc2667From === undefined ? named : policyOf(withFcc2667(documentOf(named), fcc2667From));
      print(globalOptions(command).json, documentOf(found), () => renderPolicy(found));
    });
}

function documentOf({ version, rules }: Policy): PolicyDocument {
  return { version, rules };
}

function addValidate(policy: Command): void {
  policy
    .command('validate')
    .description('whether a file is a policy, and what is odd about it; exit code 1 if it is none')
    .argument('<file>', 'a JSON policy document')
    .action((file: string, _options: unknown, command: Command) => {
      const checked = checkPolicyFile(resolve(file));
      const { json } = globalOptions(command);
      if ('problems' in checked) {
        process.exitCode = 1;
        print(json, checked, () => [`${file} is no policy:`, ...checked.problems.map((said) => `  ${said}`)]);
        return;
      }
      const { policy: valid, warnings } = checked;
      const said = { name: valid.name, hash: valid.hash, rules: valid.rules.length, warnings };
      print(json, said, () => [
        `${file} is a policy: ${valid.name}, ${valid.rules.length} rules.`,
        ...warnings.map((warning) => `  mind: ${warning}`),
      ]);
    });
}

function addDiff(policy: Command): void {
  policy
    .command('diff')
    .description('rules added, removed and changed, field by field')
    .argument('<from>', 'a file, a hash, `active` or `default`')
    .argument('<to>', 'the same')
    .addHelpText('after', '\nExample:\n  $ npx dialguard policy diff active my-policy.json')
    .action(async (from: string, to: string, _options: unknown, command: Command) => {
      const diff = diffPolicies(await policyNamed(command, from), await policyNamed(command, to));
      print(globalOptions(command).json, diff, () => renderDiff(diff));
    });
}

/** A policy by its hash, by `active` (the deployment's), by `default` (the one that ships), or by its file. */
async function policyNamed(command: Command, name: string): Promise<Policy> {
  const { stage = 'dev', residency } = globalOptions(command);
  if (name === 'active') return policyInForce(stage, residency);
  if (name === 'default') return DEFAULT_POLICY;
  if (!HASH.test(name)) return readPolicyFile(resolve(name));
  const kept = await auditBucket(await connect(command)).policies.find(name);
  if (kept === undefined) throw new Error('No policy that this version can read is kept under this hash.');
  return kept;
}
