import fc from 'fast-check';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import {
  AskedPurpose,
  ConsentEvent,
  ConsentFact,
  ConversationFact,
  Fact,
  HoldFact,
  Proof,
  ReassignmentFact,
  RelationshipFact,
  ReviewFact,
  ReviewOutcome,
  SoftOptIn,
  SuppressionFact,
  type Writing,
} from '../../lib/domain/state/facts.ts';
import { merge } from '../../lib/domain/state/merge.ts';
import { type ContactPointState, EMPTY_STATE } from '../../lib/domain/state/state.ts';
import {
  ChannelScope,
  type Purpose,
  PurposeScope,
  Source,
  SuppressionReason,
} from '../../lib/domain/vocabulary.ts';

/** Friday 2026-11-20, 10:00 in New York. */
export const NOON = Date.UTC(2026, 10, 20, 15);
export const DAY_MS = 86_400_000;

export const PROOF: Proof = {
  textVersion: 'web-2026-03',
  capturedBy: 'WEB_FORM',
  evidenceSha256: sha256Hex('a form that somebody sent'),
};

/** A signed writing to acme with everything that the law asks for. */
export const WRITING: Writing = {
  signature: 'ELECTRONIC',
  seller: 'acme',
  namesNumber: true,
  disclosesAutodialling: true,
  disclosesNoCondition: true,
};

export function writtenConsent(
  given: Partial<ConsentFact> = {},
  writing: Partial<Writing> = {},
): ConsentFact {
  return consent({ ...given, proof: { ...PROOF, written: { ...WRITING, ...writing } } });
}

/** A soft opt-in to e-mails of acme: bought, and offered a way to refuse. */
export function softOptIn(given: Partial<ConsentFact> = {}, terms: Partial<SoftOptIn> = {}): ConsentFact {
  const proof = { ...PROOF, softOptIn: { obtainedIn: 'SALE' as const, optOutOffered: true, ...terms } };
  return consent({ channel: 'EMAIL', seller: 'acme', ...given, status: 'SOFT_OPT_IN', proof });
}

export function suppression(given: Partial<SuppressionFact> = {}): SuppressionFact {
  return SuppressionFact.parse({
    kind: 'suppression',
    channel: 'VOICE',
    reason: 'CUSTOMER_REQUEST',
    seller: '*',
    source: 'WEBSITE_FORM',
    by: 'agent-1',
    eventId: 'event-1',
    effectiveAt: NOON,
    receivedAt: NOON,
    ...given,
  });
}

/** A proved grant for marketing calls of every seller, unless told otherwise. */
export function consent(given: Partial<ConsentFact> = {}): ConsentFact {
  const status = given.status ?? 'GRANTED';
  return ConsentFact.parse({
    kind: 'consent',
    channel: 'VOICE',
    purpose: 'MARKETING',
    seller: '*',
    source: 'WEBSITE_FORM',
    by: 'agent-1',
    eventId: 'event-1',
    effectiveAt: NOON,
    receivedAt: NOON,
    ...(status === 'GRANTED' ? { proof: PROOF } : {}),
    ...given,
    status,
  });
}

/** The same grant, but nothing shows that it was given. */
export function prooflessGrant(given: Partial<ConsentFact> = {}): ConsentFact {
  const { proof: _missing, ...rest } = consent({ ...given, status: 'GRANTED' });
  return rest;
}

export function hold(given: Partial<HoldFact> = {}): HoldFact {
  return HoldFact.parse({
    kind: 'hold',
    action: 'PLACED',
    caseId: 'case-1',
    by: 'legal-1',
    at: NOON,
    ...given,
  });
}

export function review(given: Partial<ReviewFact> = {}): ReviewFact {
  return ReviewFact.parse({
    kind: 'review',
    reviewId: 'review-1',
    outcome: 'NOT_OPT_OUT',
    by: 'officer-1',
    at: NOON,
    ...given,
  });
}

const REPORT = { source: 'AGENT', by: 'agent-1', eventId: 'event-1', effectiveAt: NOON, receivedAt: NOON };

export function conversation(given: Partial<ConversationFact> = {}): ConversationFact {
  return ConversationFact.parse({ kind: 'conversation', seller: 'acme', ...REPORT, ...given });
}

export function relationship(given: Partial<RelationshipFact> = {}): RelationshipFact {
  return RelationshipFact.parse({
    kind: 'relationship',
    event: 'TRANSACTION',
    seller: 'acme',
    ...REPORT,
    ...given,
  });
}

export function reassignment(given: Partial<ReassignmentFact> = {}): ReassignmentFact {
  return ReassignmentFact.parse({ kind: 'reassignment', answer: 'YES', ...REPORT, ...given });
}

export function stateOf(...facts: readonly Fact[]): ContactPointState {
  return facts.reduce(merge, EMPTY_STATE);
}

/** Calls on behalf of acme, one a day, the last of them now. */
export function attempted(calls: number, purpose: Purpose = 'MARKETING'): ContactPointState {
  const attempts = Array.from({ length: calls }, (_, day) => ({
    at: NOON - day * DAY_MS,
    decisionId: `decision-${day}`,
    channel: 'VOICE' as const,
    purpose,
    seller: 'acme',
  }));
  return { ...EMPTY_STATE, attempts };
}

// Few values of each, so that facets, times and ids collide; names of Object.prototype, since ids are keys of objects.
const moment = fc.constantFrom(0, 1, NOON - 1, NOON, NOON + 1, NOON + DAY_MS);
const id = fc.constantFrom('a', 'b', 'nobody', 'constructor', 'toString');
const seller = fc.constantFrom('*', 'acme', 'bravo');
const provenance = {
  source: fc.constantFrom(...Source.options.slice(0, 3)),
  by: id,
  eventId: id,
  effectiveAt: moment,
  receivedAt: moment,
};
const sha256 = fc.constantFrom(sha256Hex('one'), sha256Hex('two'));

const suppressionFact = fc.record(
  {
    kind: fc.constant('suppression' as const),
    channel: fc.constantFrom(...ChannelScope.options),
    reason: fc.constantFrom(...SuppressionReason.options),
    seller,
    ...provenance,
    expiresAt: moment,
    evidence: fc.record({ sha256, reference: id }, { requiredKeys: [] }),
    asked: fc.record(
      {
        channel: fc.constantFrom(...ChannelScope.options),
        seller,
        purpose: fc.constantFrom(...AskedPurpose.options),
      },
      { requiredKeys: ['channel', 'seller'] },
    ),
    reviewId: id,
  },
  {
    requiredKeys: [
      'kind',
      'channel',
      'reason',
      'seller',
      'source',
      'by',
      'eventId',
      'effectiveAt',
      'receivedAt',
    ],
  },
);

const consentFact = fc.record(
  {
    kind: fc.constant('consent' as const),
    status: fc.constantFrom(...ConsentEvent.options),
    channel: fc.constantFrom(...ChannelScope.options),
    purpose: fc.constantFrom(...PurposeScope.options),
    seller,
    ...provenance,
    expiresAt: moment,
    proof: fc.record(
      {
        textVersion: id,
        capturedBy: fc.constantFrom(...Proof.shape.capturedBy.options),
        evidenceSha256: sha256,
        written: fc.constantFrom(WRITING, { ...WRITING, seller: 'bravo' }),
        softOptIn: fc.record({
          obtainedIn: fc.constantFrom(...SoftOptIn.shape.obtainedIn.options),
          optOutOffered: fc.boolean(),
        }),
      },
      { requiredKeys: ['textVersion', 'capturedBy', 'evidenceSha256'] },
    ),
  },
  {
    requiredKeys: [
      ...(['kind', 'status', 'channel', 'purpose', 'seller'] as const),
      ...(['source', 'by', 'eventId', 'effectiveAt', 'receivedAt'] as const),
    ],
  },
);

const holdFact = fc.record({
  kind: fc.constant('hold' as const),
  action: fc.constantFrom('PLACED' as const, 'RELEASED' as const),
  caseId: id,
  by: id,
  at: moment,
});

const reviewFact = fc.record({
  kind: fc.constant('review' as const),
  reviewId: id,
  outcome: fc.constantFrom(...ReviewOutcome.options),
  by: id,
  at: moment,
});

const conversationFact = fc.record({ kind: fc.constant('conversation' as const), seller, ...provenance });

const relationshipFact = fc.record({
  kind: fc.constant('relationship' as const),
  event: fc.constantFrom(...RelationshipFact.shape.event.options),
  seller,
  ...provenance,
});

const reassignmentFact = fc.record({
  kind: fc.constant('reassignment' as const),
  answer: fc.constantFrom(...ReassignmentFact.shape.answer.options),
  ...provenance,
});

/** Any fact that the schema admits. */
export const anyFact: fc.Arbitrary<Fact> = fc
  .oneof(
    suppressionFact,
    consentFact,
    holdFact,
    reviewFact,
    conversationFact,
    relationshipFact,
    reassignmentFact,
  )
  .filter((fact) => Fact.safeParse(fact).success);
