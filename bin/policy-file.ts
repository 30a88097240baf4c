import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Constants } from '../lib/constructs/bundle.ts';
import { type CheckedPolicy, checkPolicy } from '../lib/domain/policy/check-policy.ts';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import type { Policy } from '../lib/domain/policy/policy.ts';
import { deployments, type Residency, type Stage } from '../lib/stacks/deployments.ts';
import { type Settings, settingsFor } from '../lib/stacks/settings.ts';

/** Where cdk.json is, and what the paths of policy files are relative to. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @throws Error if there is no such file. */
export function checkPolicyFile(path: string): CheckedPolicy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`There is no policy file ${path} that can be read.`);
  }
  return checkPolicy(text);
}

/** @throws Error that lists all that is wrong with the file. */
export function readPolicyFile(path: string): Policy {
  const checked = checkPolicyFile(path);
  if ('policy' in checked) return checked.policy;
  throw new Error(`${path} is no policy:\n${checked.problems.map((problem) => `  ${problem}`).join('\n')}`);
}

/** The policy that a deployment's settings put in place of the one that ships. */
export function ownPolicy({ policyFile }: Pick<Settings, 'policyFile'>): Policy | undefined {
  return policyFile === undefined ? undefined : readPolicyFile(resolve(ROOT, policyFile));
}

/** What the bundled Lambdas decide by, read and checked before they are made. */
export function policyConstants(policy: Policy): Constants {
  return { DIALGUARD_POLICY: JSON.stringify(policy) };
}

const CdkJson = z.object({ context: z.object({ dialguard: z.unknown() }) });

/** The policy that cdk.json gives a deployment: what it decides by once it is deployed from here. */
export function policyInForce(stage: Stage, residency: Residency): Policy {
  return ownPolicy(settingsInForce(stage, residency)) ?? DEFAULT_POLICY;
}

/** What cdk.json sets for a deployment. */
export function settingsInForce(stage: Stage, residency: Residency): Settings {
  const deployment = deployments.find((one) => one.stage === stage && one.residency === residency);
  if (deployment === undefined) throw new Error(`There is no deployment ${stage} ${residency}.`);
  const { context } = CdkJson.parse(JSON.parse(readFileSync(resolve(ROOT, 'cdk.json'), 'utf8')));
  return settingsFor(context.dialguard, deployment);
}
