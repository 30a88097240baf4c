import { stateOf } from '../../lib/domain/contact-point/time-zones.ts';
import type { Pepper } from '../../lib/domain/contact-point/token.ts';
import { postalRegionOf } from '../../lib/domain/contact-point/whereabouts.ts';
import type { Decision } from '../../lib/domain/decision/decide.ts';
import type { Reason } from '../../lib/domain/decision/reasons.ts';
import { resultHash, resultOf } from '../../lib/domain/decision/result.ts';
import type { ContactDetails, DecisionEntry, SubjectFacts } from '../../lib/domain/log/entry.ts';
import { logSafeId } from '../../lib/domain/log/log-safe-id.ts';
import type { RuleContext } from '../../lib/domain/policy/rules/context.ts';
import type { ContactPoint } from '../../lib/domain/ports.ts';
import type { Check, CheckConsentDeps } from './check-consent.ts';
import type { CheckInput } from './event.ts';
import type { CheckSubject } from './subjects.ts';

/** A check whose input could be read. */
export type Request = {
  readonly input: CheckInput;
  readonly pepper: Pepper;
  readonly requestKey: string | undefined;
};
/** A check that names contact points of this region. */
export type Decidable = Request & { readonly subjects: readonly CheckSubject[] };

/** One contact point with what was read of it and what follows. */
export type Verdict = {
  readonly subject: CheckSubject;
  readonly from: ContactPoint;
  readonly context: RuleContext;
  readonly decision: Decision;
};

export type LegalAlert = NonNullable<DecisionEntry['legalAlert']>;

/** The entry of a decision about contact points: enough to decide it again. */
export function entryOf(
  deps: Pick<CheckConsentDeps, 'policy'>,
  check: Check,
  decided: {
    readonly request: Decidable;
    readonly verdicts: readonly Verdict[];
    readonly decision: Decision;
    readonly legalAlert: LegalAlert | undefined;
  },
): DecisionEntry {
  const { request, verdicts, decision, legalAlert } = decided;
  return {
    ...decisionBase(deps, check, decision),
    subjects: verdicts.map(({ subject }) => subject.token),
    contact: contactOf(request),
    facts: verdicts.map(factsOf),
    ...(legalAlert === undefined ? {} : { legalAlert }),
  };
}

function factsOf({ subject, context, decision }: Verdict): SubjectFacts {
  return {
    token: subject.token,
    country: subject.country,
    regions: [...subject.regions],
    ...(subject.areaCode === undefined ? {} : { areaCode: subject.areaCode }),
    timeZones: [...subject.timeZones],
    registries: context.registries.map(({ areaCodes, ...fact }) => ({
      ...fact,
      areaCodes: areaCodes === 'ALL' ? areaCodes : [...areaCodes],
    })),
    state: context.state,
    effect: decision.effect,
    reasons: resultOf(decision).reasons,
  };
}

/** The entry of a BLOCK that no contact point can carry. */
export function undecidedEntry(
  deps: Pick<CheckConsentDeps, 'policy'>,
  check: Check,
  { contact, decision }: { readonly contact: ContactDetails; readonly decision: Decision },
): DecisionEntry {
  return { ...decisionBase(deps, check, decision), subjects: [], contact, facts: [] };
}

function decisionBase({ policy }: Pick<CheckConsentDeps, 'policy'>, check: Check, decision: Decision) {
  const { name, hash } = policy;
  const result = resultOf(decision);
  return {
    kind: 'decision' as const,
    id: check.decisionId,
    decisionId: check.decisionId,
    at: new Date(check.at).toISOString(),
    client: check.client,
    ...result,
    resultHash: resultHash(result),
    policy: { name, hash },
  };
}

/** What may be logged of a request that was not decided: of another region's person, nothing. */
export function undecidedContact(request: Request, { code }: Reason): ContactDetails {
  const { channel, purpose } = request.input;
  return code === 'WRONG_REGION' ? { channel, purpose } : contactOf(request);
}

function contactOf({ input, pepper }: Request): ContactDetails {
  const ids = (['campaignId', 'contactListId', 'contactId', 'conversationId'] as const).flatMap((name) => {
    const id = input[name];
    return id === undefined ? [] : [[name, logSafeId(id, pepper)]];
  });
  const { channel, purpose, seller, product, audience, technology, softOptIn, calledPartyRegion } = input;
  // What is no state may be anything that a caller mapped to the field, a number too.
  const state = calledPartyRegion === undefined ? undefined : stateOf(calledPartyRegion);
  const postalRegion = postalRegionOf(input.postalCode);
  return {
    channel,
    purpose,
    ...(seller === undefined ? {} : { seller }),
    ...(product === undefined ? {} : { product }),
    ...(audience === undefined ? {} : { audience }),
    ...(technology === undefined ? {} : { technology }),
    ...(softOptIn === undefined ? {} : { softOptIn }),
    ...(state === undefined ? {} : { state }),
    ...(postalRegion === undefined ? {} : { postalRegion }),
    ...Object.fromEntries(ids),
  };
}
