import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import type { Decision } from './decide.ts';

/** What a decision comes to, as its entry records it. */
export type DecisionResult = {
  effect: 'ALLOW' | 'BLOCK';
  reasons: { code: string; ruleId: string }[];
  /** ISO 8601 UTC; only where time is the one obstacle. */
  nextAllowedAt?: string | undefined;
};

export function resultOf(decision: Decision): DecisionResult {
  const opensAt = decision.effect === 'BLOCK' ? decision.nextAllowedAt : undefined;
  return {
    effect: decision.effect,
    reasons: decision.reasons.map(({ code, ruleId }) => ({ code, ruleId })),
    ...(opensAt === undefined ? {} : { nextAllowedAt: new Date(opensAt).toISOString() }),
  };
}

/** SHA-256, lower-case hex, of the canonical JSON of a result: two decisions came out the same iff this is the same. */
export function resultHash({ effect, reasons, nextAllowedAt }: DecisionResult): string {
  return sha256Hex(
    canonicalJson({
      effect,
      reasons: reasons.map(({ code, ruleId }) => ({ code, ruleId })),
      ...(nextAllowedAt === undefined ? {} : { nextAllowedAt }),
    }),
  );
}
