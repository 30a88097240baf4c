import type { EmailAddress } from '../domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../domain/contact-point/phone-number.ts';
import { type Residency, residencyOf } from '../domain/contact-point/residency.ts';
import { type Pepper, type Token, tokenOf } from '../domain/contact-point/token.ts';
import { ComplianceError } from '../domain/errors.ts';
import type { ContactPoint, ContactPoints } from '../domain/ports.ts';
import type { Fact } from '../domain/state/facts.ts';
import { changeByFact, isBacklogged, PENDING_LIMIT } from '../domain/state/record-fact.ts';
import type { ContactPointState } from '../domain/state/state.ts';
import { seal } from './secrets-manager/sealing.ts';
import type { KeyEncryptionKey } from './secrets-manager/secrets.ts';

export type Recorded =
  | {
      readonly outcome: 'RECORDED';
      /** False where the fact, or its like, was known already. */
      readonly changed: boolean;
      /** As it stands after the fact. */
      readonly state: ContactPointState;
    }
  /** Nothing was stored: `region` alone may hold this contact point. */
  | { readonly outcome: 'WRONG_REGION'; readonly region: Residency };

/**
 * Records what is said of a contact point: the state, the audit entry and, the first time, the sealed clear value, in
 * one conditional write. `factOf` says what to record, from the contact point as it stands (undefined: nothing); it is
 * asked again whenever another writer was faster. Once this returns, the fact is durable.
 *
 * @throws ComplianceError AUDIT_BACKLOG if a fact that permits contact meets more entries than may wait for the log;
 * WRITE_CONTENTION; whatever the store or the secrets throw.
 */
export type RecordFact = (
  contactPoint: PhoneNumber | EmailAddress,
  factOf: (known: ContactPoint) => Fact | undefined,
  client?: string,
) => Promise<Recorded>;

export type RecordFactDeps = {
  readonly contactPoints: Pick<ContactPoints, 'change'>;
  readonly pepper: () => Promise<Pepper>;
  readonly kek: () => Promise<KeyEncryptionKey>;
  readonly residency: Residency;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** UUIDv7. */
  readonly newId: () => string;
};

/** The one way by which opt-outs, consents and holds reach the store, whoever sends them. */
export function createRecordFact(deps: RecordFactDeps): RecordFact {
  return async (contactPoint, factOf, client) => {
    const region = homeRegion(contactPoint);
    if (region !== undefined && region !== deps.residency) return { outcome: 'WRONG_REGION', region };
    const [pepper, kek] = await Promise.all([deps.pepper(), deps.kek()]);
    const token = tokenOf(pepper, contactPoint);
    const sealed = seal(kek, token, clearUri(contactPoint));
    const entryId = deps.newId();
    let state: ContactPointState | undefined;
    const stood = await deps.contactPoints.change(token, (from) => {
      const fact = factOf(from);
      if (fact !== undefined) refuseUnderBacklog(from, fact);
      const change = fact && changeByFact(from, fact, { entryId, now: deps.now(), client });
      state = change?.state;
      return change && { ...change, ...(from.sealed ? {} : { sealed }) };
    });
    return { outcome: 'RECORDED', changed: state !== undefined, state: state ?? stood.state };
  };
}

/**
 * Records a fact about a contact point that is known by its token alone.
 *
 * @throws as RecordFact does.
 */
export type RecordKnownFact = (token: Token, fact: Fact, client?: string) => Promise<void>;

/** The way for facts that follow from an earlier one, where nobody has the number or the address at hand. */
export function createRecordKnownFact(
  deps: Pick<RecordFactDeps, 'contactPoints' | 'now' | 'newId'>,
): RecordKnownFact {
  return async (token, fact, client) => {
    const entryId = deps.newId();
    await deps.contactPoints.change(token, (from) => {
      const change = changeByFact(from, fact, { entryId, now: deps.now(), client });
      if (change !== undefined) refuseUnderBacklog(from, fact);
      return change;
    });
  };
}

/** The region of a phone number; an e-mail address does not tell its own, so that either region may hold it. */
export function homeRegion(contactPoint: PhoneNumber | EmailAddress): Residency | undefined {
  return contactPoint.kind === 'phone' ? residencyOf(contactPoint.country) : undefined;
}

/** What is sealed: `tel:` with the number as it is dialled, or `mailto:` with the address. */
function clearUri(contactPoint: PhoneNumber | EmailAddress): string {
  return contactPoint.kind === 'phone' ? `tel:${contactPoint.e164}` : contactPoint.canonical;
}

function refuseUnderBacklog(from: ContactPoint, fact: Fact): void {
  if (!isBacklogged(from) || !permitsContact(fact)) return;
  throw new ComplianceError({
    code: 'AUDIT_BACKLOG',
    message: `expected fewer than ${PENDING_LIMIT} entries waiting for the log, got ${from.pendingCount} in ${from.pendingBytes} bytes; nothing was written`,
  });
}

function permitsContact(fact: Fact): boolean {
  switch (fact.kind) {
    case 'suppression':
      return false;
    case 'consent':
      return fact.status === 'GRANTED' || fact.status === 'PENDING';
    case 'hold':
      return fact.action === 'RELEASED';
    case 'review':
      return fact.outcome === 'NOT_OPT_OUT';
    case 'relationship':
      return true;
    case 'conversation':
    case 'reassignment':
      return false;
  }
}
