import { DEFAULT_POLICY } from './default-policy.ts';
import { type Policy, PolicyDocument, policyOf } from './policy.ts';

/** The text of a policy document, put here by the bundler where a deployment has a policy file of its own. */
declare const DIALGUARD_POLICY: string;

/** The policy that a Lambda decides by: the deployment's own, or the one that ships. */
export const ACTIVE_POLICY: Policy =
  typeof DIALGUARD_POLICY === 'undefined'
    ? DEFAULT_POLICY
    : policyOf(PolicyDocument.parse(JSON.parse(DIALGUARD_POLICY)));
