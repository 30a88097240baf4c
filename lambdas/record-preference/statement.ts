import { canonicalJson, sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { ContactPoint } from '../../lib/domain/ports.ts';
import type { ConsentFact, SuppressionFact } from '../../lib/domain/state/facts.ts';
import { facetKey, registerOf } from '../../lib/domain/state/merge.ts';
import { settleTime } from '../../lib/domain/state/settle-time.ts';
import type { ConsentRecord, SuppressionRecord } from '../../lib/domain/state/state.ts';
import { type ConsentRequest, type OptOutRequest, permits } from './event.ts';

export type Statement =
  | { readonly kind: 'opt-out'; readonly request: OptOutRequest }
  | { readonly kind: 'consent'; readonly request: ConsentRequest };

/** Whether a statement could end in a contact that was not permitted before. */
export function permitsContact({ kind, request }: Statement): boolean {
  return kind === 'consent' && permits(request.status);
}

/**
 * The fact that a statement makes about one contact point. Sent again under its event id and without a time of its own,
 * it keeps the time at which it first arrived: a repeated grant must not outrank a withdrawal made since.
 */
export function factOf(
  statement: Statement,
  known: ContactPoint,
  receivedAt: number,
): SuppressionFact | ConsentFact {
  const { eventId, effectiveAt: statedAt } = statement.request;
  const settled = settleTime(statedAt, receivedAt);
  const fact = draftOf(statement, { eventId: eventId ?? '', effectiveAt: settled.effectiveAt, receivedAt });
  if (eventId === undefined) {
    const { receivedAt: _arrival, eventId: _absent, ...content } = fact;
    return { ...fact, eventId: sha256Hex(canonicalJson({ token: known.token, ...content })) };
  }
  const first = statedAt === undefined || settled.effectiveAt < statedAt ? recordOf(known, fact) : undefined;
  return first?.eventId === eventId ? { ...fact, effectiveAt: first.effectiveAt } : fact;
}

type Times = { readonly eventId: string; readonly effectiveAt: number; readonly receivedAt: number };

function draftOf({ kind, request }: Statement, times: Times): SuppressionFact | ConsentFact {
  const { channel, seller, source, by, expiresAt } = request;
  const common = { channel, seller, source, by, ...times, ...(expiresAt === undefined ? {} : { expiresAt }) };
  if (kind === 'opt-out') {
    const { reason, evidence, purpose } = request;
    return {
      kind: 'suppression',
      reason,
      ...common,
      ...(evidence === undefined ? {} : { evidence }),
      ...(purpose === undefined ? {} : { asked: { channel, seller, purpose } }),
    };
  }
  const { status, purpose, proof } = request;
  return { kind: 'consent', status, purpose, ...common, ...(proof === undefined ? {} : { proof }) };
}

function recordOf(
  { state }: ContactPoint,
  fact: SuppressionFact | ConsentFact,
): SuppressionRecord | ConsentRecord | undefined {
  const key = facetKey(fact);
  return fact.kind === 'suppression' ? state.suppressions[key] : state.consents[key]?.[registerOf(fact)];
}
