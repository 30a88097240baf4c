import * as z from 'zod';
import { bodyOf, ContactPointFields, namesOne } from '../../lib/adapters/http/contact-point-input.ts';
import { StatedTime } from '../../lib/adapters/http/stated-time.ts';
import { canonicalJson, sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { ContactPoint } from '../../lib/domain/ports.ts';
import { type EventFact, eventKey } from '../../lib/domain/state/merge.ts';
import { settleTime } from '../../lib/domain/state/settle-time.ts';
import { OpaqueId, Seller, SellerScope, Source } from '../../lib/domain/vocabulary.ts';

const Happening = {
  ...ContactPointFields,
  /** When it happened. */
  at: StatedTime,
  source: Source,
  by: OpaqueId,
  /** The caller's id of this report: sent again, it is the same report. */
  eventId: OpaqueId.optional(),
};
const oneOf = { error: 'expected exactly one of phoneNumber, email' };
const named = ({ phoneNumber, email }: { phoneNumber?: string | undefined; email?: string | undefined }) =>
  namesOne(phoneNumber, email);

/** POST /v1/conversations, POST /v1/relationships and POST /v1/reassignments, by route. */
export const HAPPENINGS = {
  'POST /v1/conversations': bodyOf({ ...Happening, seller: SellerScope })
    .refine(named, oneOf)
    .transform((body) => ({ ...body, kind: 'conversation' as const })),
  'POST /v1/relationships': bodyOf({
    ...Happening,
    seller: Seller,
    event: z.enum(['TRANSACTION', 'INQUIRY']),
  })
    .refine(named, oneOf)
    .transform((body) => ({ ...body, kind: 'relationship' as const })),
  'POST /v1/reassignments': bodyOf({
    ...Happening,
    phoneNumber: ContactPointFields.phoneNumber.nonoptional(),
    answer: z.enum(['YES', 'NO', 'NO_DATA']),
  })
    .refine(named, { error: 'expected a phoneNumber and no email' })
    .transform((body) => ({ ...body, kind: 'reassignment' as const })),
};
export type Happening = z.output<(typeof HAPPENINGS)[keyof typeof HAPPENINGS]>;

/** Whether a report is taken even if it is dated later than any clock error explains: one that keeps people from contact. */
export function restrictsContact({ kind }: Happening): boolean {
  return kind !== 'relationship';
}

/**
 * The fact that a report makes about one contact point. Dated ahead and sent again under its event id, it keeps the time
 * of its first arrival.
 */
export function happened(happening: Happening, known: ContactPoint, receivedAt: number): EventFact {
  const { effectiveAt } = settleTime(happening.at, receivedAt);
  const fact = draftOf(happening, { eventId: happening.eventId ?? '', effectiveAt, receivedAt });
  const { receivedAt: _arrival, eventId: _absent, ...content } = fact;
  const eventId = happening.eventId ?? sha256Hex(canonicalJson({ token: known.token, ...content }));
  const first = effectiveAt < happening.at ? known.state.events?.[eventKey(fact)] : undefined;
  return { ...fact, eventId, effectiveAt: first?.eventId === eventId ? first.effectiveAt : effectiveAt };
}

type Times = Pick<EventFact, 'eventId' | 'effectiveAt' | 'receivedAt'>;

function draftOf(happening: Happening, times: Times): EventFact {
  const provenance = { source: happening.source, by: happening.by, ...times };
  switch (happening.kind) {
    case 'conversation':
      return { kind: 'conversation', seller: happening.seller, ...provenance };
    case 'relationship':
      return { kind: 'relationship', event: happening.event, seller: happening.seller, ...provenance };
    case 'reassignment':
      return { kind: 'reassignment', answer: happening.answer, ...provenance };
  }
}
