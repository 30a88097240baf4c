import type { DecisionEntry, SubjectFacts } from '../log/entry.ts';
import { recordedContext } from '../log/recorded-context.ts';
import type { Policy } from '../policy/policy.ts';
import { decideContact } from './combine.ts';
import { decide } from './decide.ts';
import { type DecisionResult, resultHash, resultOf } from './result.ts';

export type Replay = {
  readonly recorded: DecisionResult;
  /** Absent for a decision without facts: the system blocked it before any contact point was looked at. */
  readonly replayed?: DecisionResult;
  /** Whether the decision, and that about each contact point, came out as recorded and as the recorded hash says. */
  readonly identical: boolean;
};

/**
 * Decides a recorded decision again, from the facts and the moment in its entry, under `policy`. Pure. A decision
 * without facts has nothing to decide again: it is as it should be if it is a BLOCK.
 */
export function replayDecision(entry: DecisionEntry, policy: Policy): Replay {
  const { effect, reasons, nextAllowedAt } = entry;
  const recorded = { effect, reasons, ...(nextAllowedAt === undefined ? {} : { nextAllowedAt }) };
  const recordedHash = resultHash(recorded);
  const asHashed = entry.resultHash === undefined || entry.resultHash === recordedHash;
  const verdicts = verdictsOf(entry, policy);
  if (verdicts.length === 0) return { recorded, identical: asHashed && effect === 'BLOCK' };
  const replayed = resultOf(decideContact(verdicts, policy));
  const eachSame = verdicts.every(({ facts, decision }) => sameAs(facts, resultOf(decision)));
  return { recorded, replayed, identical: asHashed && eachSame && resultHash(replayed) === recordedHash };
}

function verdictsOf(entry: DecisionEntry, policy: Policy) {
  return entry.facts.flatMap((facts) => {
    const context = recordedContext(entry, facts);
    return context === undefined ? [] : [{ facts, context, decision: decide(context, policy, 'DIAL') }];
  });
}

/** The times of single contact points are not recorded. */
function sameAs({ effect, reasons }: SubjectFacts, replayed: DecisionResult): boolean {
  const { nextAllowedAt: _time, ...rest } = replayed;
  return resultHash({ effect, reasons }) === resultHash(rest);
}
