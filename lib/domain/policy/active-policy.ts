import { DEFAULT_POLICY } from './default-policy.ts';
import { type Policy, type PolicyDocument, policyOf } from './policy.ts';

/** Put here by the bundler where a deployment has a policy file of its own, read and validated at synthesis. */
declare const DIALGUARD_POLICY: PolicyDocument;

/** The policy that a Lambda decides by: the deployment's own, or the one that ships. */
export const ACTIVE_POLICY: Policy =
  typeof DIALGUARD_POLICY === 'undefined' ? DEFAULT_POLICY : policyOf(DIALGUARD_POLICY);
