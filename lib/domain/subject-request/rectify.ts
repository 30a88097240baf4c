import { ConsentEvent, ConsentFact, HoldFact, RelationshipFact, SuppressionFact } from '../state/facts.ts';
import { standingHolds } from '../state/position.ts';
import type { ContactPointState } from '../state/state.ts';

export type CarriedFact = SuppressionFact | ConsentFact | HoldFact | RelationshipFact;

/**
 * What was said of one contact point, to be recorded of the one that stands in its place (GDPR Art 16). Nothing becomes
 * weaker by it: a provisional block, whose review ends only where the message came from, becomes one without end, and a
 * writing that names the old number names the new one no more. Conversations and answers on reassignment were of the old
 * number and stay there.
 */
export function factsToCarry(state: ContactPointState): readonly CarriedFact[] {
  return [...suppressions(state), ...consents(state), ...holds(state), ...relationships(state)];
}

/** A request that was made more than once is carried twice, so that the legal clock runs from the first time. */
function suppressions(state: ContactPointState): readonly SuppressionFact[] {
  return Object.entries(state.suppressions).flatMap(([key, { firstEffectiveAt, ...record }]) => {
    const [channel, reason, seller, source] = key.split('#');
    const latest = SuppressionFact.parse({
      kind: 'suppression',
      ...{ channel, seller, source },
      reason: reason === 'PROVISIONAL' ? 'INTERNAL_POLICY' : reason,
      ...record,
    });
    return firstEffectiveAt === record.effectiveAt
      ? [latest]
      : [{ ...latest, effectiveAt: firstEffectiveAt }, latest];
  });
}

function consents(state: ContactPointState): readonly ConsentFact[] {
  return Object.entries(state.consents).flatMap(([key, facet]) => {
    const [channel, purpose, seller] = key.split('#');
    return Object.entries(facet).map(([register, { proof, ...record }]) => {
      const written = proof?.written && { ...proof.written, namesNumber: false };
      return ConsentFact.parse({
        kind: 'consent',
        status: ConsentEvent.safeParse(register).data ?? 'GRANTED',
        ...{ channel, purpose, seller },
        ...record,
        ...(proof === undefined ? {} : { proof: { ...proof, ...(written && { written }) } }),
      });
    });
  });
}

function holds(state: ContactPointState): readonly HoldFact[] {
  return standingHolds(state).flatMap((caseId) => {
    const hold = state.holds[caseId];
    if (hold === undefined) return [];
    return HoldFact.parse({ kind: 'hold', action: 'PLACED', caseId, by: hold.placedBy, at: hold.placedAt });
  });
}

function relationships({ events = {} }: ContactPointState): readonly RelationshipFact[] {
  return Object.entries(events).flatMap(([key, record]) => {
    const [event, seller] = key.split('#');
    const fact = RelationshipFact.safeParse({ kind: 'relationship', event, seller, ...record });
    return fact.data ?? [];
  });
}
