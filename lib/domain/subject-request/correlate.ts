import * as z from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import type { Identifier, IdentifierKind } from './identifier.ts';

const Id = z.string().min(1);

/** A subject as GET /api/v2/gdpr/subjects returns it. https://developer.genesys.cloud/privacy/gdpr/ */
export const FoundSubject = z.object({
  name: z.string().optional(),
  userId: Id.optional(),
  externalContactId: Id.optional(),
  dialerContactId: z.object({ id: Id, contactListId: Id }).optional(),
  journeyCustomer: z.object({ type: z.string().optional(), id: z.string().optional() }).optional(),
  socialHandle: z.object({ type: z.string().optional(), value: z.string().optional() }).optional(),
  externalId: Id.optional(),
  addresses: z.array(z.string()).optional(),
  phoneNumbers: z.array(z.string()).optional(),
  emailAddresses: z.array(z.string()).optional(),
});
export type FoundSubject = z.infer<typeof FoundSubject>;

/** What a request to Genesys Cloud names: one id and no name, which it refuses beside an id. */
export const SubjectTarget = z.union([
  z.object({ externalContactId: Id }),
  z.object({ dialerContactId: z.object({ id: Id, contactListId: Id }) }),
  z.object({ userId: Id }),
  z.object({ journeyCustomer: z.object({ type: Id, id: Id }) }),
  z.object({ socialHandle: z.object({ type: Id, value: Id }) }),
  z.object({ externalId: Id }),
]);
export type SubjectTarget = z.infer<typeof SubjectTarget>;

/**
 * How sure it is that a subject is the person who asks.
 * MATCHED: two identifiers of different kinds lead to it. ONE_IDENTIFIER and NAME_DIFFERS: a person must confirm it, since a
 * household shares a telephone and a digit is soon transposed. NAME_ONLY and NO_ID: never. EMPLOYEE: a current user.
 */
export const Verdict = z.enum([
  'MATCHED',
  'ONE_IDENTIFIER',
  'NAME_DIFFERS',
  'NAME_ONLY',
  'NO_ID',
  'EMPLOYEE',
]);
export type Verdict = z.infer<typeof Verdict>;

/** A subject, or a merge set of external contacts under its canonical one, with what led to it. */
export const CorrelatedSubject = z.object({
  /** `subject-1` and so on in the order found: no hash, since ids that people choose can be guessed from one. */
  key: z.string().regex(/^subject-[1-9]\d*$/),
  target: SubjectTarget.optional(),
  verdict: Verdict,
  /** Kinds of the given identifiers that found it. */
  foundBy: z.array(z.string()),
  /** As they were found; personal data. */
  records: z.array(FoundSubject),
});
export type CorrelatedSubject = z.infer<typeof CorrelatedSubject>;

export type Hit = { readonly identifier: Identifier; readonly subjects: readonly FoundSubject[] };

/**
 * Groups what was found by each identifier into subjects, and says which of them are the person who asks.
 *
 * @param canonicalOf the canonical contact of an external contact: itself where it was never merged.
 */
export function correlate(
  hits: readonly Hit[],
  canonicalOf: ReadonlyMap<string, string>,
): readonly CorrelatedSubject[] {
  const found = hits.flatMap(({ identifier, subjects }) =>
    subjects.map((record) => ({ kind: identifier.kind, record, target: targetOf(record, canonicalOf) })),
  );
  const names = hits.flatMap(({ identifier }) => (identifier.kind === 'NAME' ? [identifier.value] : []));
  const groups = Map.groupBy(found, ({ record, target }) =>
    canonicalJson(target ?? { unidentified: record }),
  );
  return [...groups.values()].map((members, position) => {
    // A number for WhatsApp is a telephone number: given as both, it is one identifier.
    const kinds = new Set(members.map(({ kind }) => (kind === 'WHATSAPP' ? 'PHONE' : kind)));
    const foundBy = [...new Set(members.map(({ kind }) => kind))];
    const records = members.map(({ record }) => record);
    const target = members[0]?.target;
    const verdict = verdictOf({ kinds, records, target, names });
    const key = `subject-${position + 1}`;
    return { key, ...(target && { target }), verdict, foundBy, records: distinct(records) };
  });
}

function verdictOf(subject: {
  readonly kinds: ReadonlySet<IdentifierKind>;
  readonly records: readonly FoundSubject[];
  readonly target: SubjectTarget | undefined;
  readonly names: readonly string[];
}): Verdict {
  const { kinds, records, target, names } = subject;
  if (target === undefined) return 'NO_ID';
  if (records.some(({ userId }) => userId !== undefined)) return 'EMPLOYEE';
  if (kinds.size === 1) return kinds.has('NAME') ? 'NAME_ONLY' : 'ONE_IDENTIFIER';
  const given = new Set(names.map(comparable));
  const differs = records.some(({ name }) => name !== undefined && !given.has(comparable(name)));
  return given.size > 0 && differs ? 'NAME_DIFFERS' : 'MATCHED';
}

/** External contacts of a merge set share the canonical one, so that they become one subject. */
function targetOf(
  subject: FoundSubject,
  canonicalOf: ReadonlyMap<string, string>,
): SubjectTarget | undefined {
  const { externalContactId, dialerContactId, userId, journeyCustomer, socialHandle, externalId } = subject;
  const candidates = [
    externalContactId && { externalContactId: canonicalOf.get(externalContactId) ?? externalContactId },
    dialerContactId && { dialerContactId },
    userId && { userId },
    journeyCustomer && { journeyCustomer },
    socialHandle && { socialHandle },
    externalId && { externalId },
  ];
  return candidates.flatMap((candidate) => SubjectTarget.safeParse(candidate).data ?? [])[0];
}

function distinct(records: readonly FoundSubject[]): FoundSubject[] {
  return [...new Map(records.map((record) => [canonicalJson(record), record])).values()];
}

/** Names are the same whatever their case, accents, punctuation and the order of their parts. */
function comparable(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (letters.match(/[\p{L}\p{N}]+/gu) ?? []).toSorted().join(' ');
}
