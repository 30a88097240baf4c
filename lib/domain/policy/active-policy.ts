import * as z from 'zod';
import { DEFAULT_POLICY } from './default-policy.ts';
import type { Policy } from './policy.ts';

/**
 * A policy with its hash and its name, as JSON, put here by the bundler: read and checked when the stacks are synthesized, so
 * that no cold start does it again, nor carries the code for it.
 */
declare const DIALGUARD_POLICY: string;

/** The policy that a Lambda decides by: the deployment's. Sources that run unbundled decide by the one that ships. */
export const ACTIVE_POLICY: Policy =
  typeof DIALGUARD_POLICY === 'undefined'
    ? DEFAULT_POLICY
    : z.custom<Policy>().parse(JSON.parse(DIALGUARD_POLICY));
