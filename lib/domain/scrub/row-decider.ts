import type { Token } from '../contact-point/token.ts';
import { combine } from '../decision/combine.ts';
import { type Decision, decide } from '../decision/decide.ts';
import type { ReasonCode } from '../decision/reasons.ts';
import type { Policy } from '../policy/policy.ts';
import type { RegistryFact } from '../policy/rules/context.ts';
import type { ContactPoints, RegistryMembership } from '../ports.ts';
import { versionAtFor } from '../registry/version.ts';
import { type ContactPointState, EMPTY_STATE } from '../state/state.ts';
import type { RowContact } from './contact-reader.ts';
import type { CsvRecord } from './csv-reader.ts';
import type { Ground } from './human-report.ts';
import type { ScrubProfile } from './profile.ts';
import type { ReadRow, RowOutcome } from './row.ts';

export type SettledRow = {
  readonly record: CsvRecord;
  readonly outcome: RowOutcome;
  /** Undefined where nothing stands against the row. */
  readonly ground: Ground | undefined;
  readonly tokens: readonly Token[];
};

export type DeciderBasis = {
  readonly profile: ScrubProfile;
  readonly policy: Policy;
  readonly registries: readonly RegistryMembership[];
  /** The moment that the decisions are made for, epoch milliseconds. */
  readonly watermark: number;
};

/** DynamoDB takes so many keys in one BatchGetItem. */
export const KEYS_A_READ = 100;

/** What a person asked for binds on every channel that they asked it for; the rest is about the channel in use. */
const GROUNDS_OF_THE_UNREACHED: ReadonlySet<ReasonCode> = new Set([
  'LITIGATION_HOLD',
  'SUPPRESSED',
  'CONSENT_WITHDRAWN',
]);

/** Decides the rows of one file: contact points strongly consistent, registries from their snapshots. */
export class RowDecider {
  readonly #basis: DeciderBasis;
  readonly #contactPoints: Pick<ContactPoints, 'read'>;
  /** Decisions about contact points of which nothing is known: those of one area code come out alike. */
  readonly #aboutUnknown = new Map<string, Decision>();

  constructor(basis: DeciderBasis, contactPoints: Pick<ContactPoints, 'read'>) {
    this.#basis = basis;
    this.#contactPoints = contactPoints;
  }

  /** The rows of a batch, in order. */
  async decide(rows: readonly ReadRow[]): Promise<readonly SettledRow[]> {
    const contacts = rows.flatMap((row) => ('contacts' in row ? row.contacts : []));
    const [states, listings] = await Promise.all([
      readStates(contacts, this.#contactPoints),
      readListings(contacts, this.#basis.registries),
    ]);
    return rows.map((row) => {
      if ('outcome' in row) return { ...row, tokens: [] };
      const tokens = row.contacts.map(({ token }) => token);
      const decisions = row.contacts.map((contact) => {
        const registries = contact.e164 === undefined ? [] : (listings.get(contact.e164) ?? []);
        return this.#decideContact(contact, registries, states.get(contact.token));
      });
      const decision = combine(decisions);
      return decision.effect === 'ALLOW'
        ? { record: row.record, outcome: 'APPROVED', ground: undefined, tokens }
        : { record: row.record, outcome: 'REJECTED', ground: decision.reasons[0], tokens };
    });
  }

  #decideContact(
    contact: RowContact,
    registries: readonly RegistryFact[],
    state: ContactPointState | undefined,
  ): Decision {
    if (state === undefined)
      throw new TypeError('expected the state of every contact point that was asked for');
    if (state !== EMPTY_STATE) return decideWith(this.#basis, contact, { registries, state });
    const { country, regions, areaCode } = contact.subject;
    const listed = registries.map((registry) => registry.listed);
    const key = JSON.stringify([country, regions, areaCode, contact.reached, listed]);
    const known = this.#aboutUnknown.get(key);
    if (known !== undefined) return known;
    const decision = decideWith(this.#basis, contact, { registries, state });
    this.#aboutUnknown.set(key, decision);
    return decision;
  }
}

function decideWith(
  { profile, policy, watermark }: DeciderBasis,
  { subject, reached }: RowContact,
  facts: { readonly registries: readonly RegistryFact[]; readonly state: ContactPointState },
): Decision {
  const { channel, purpose, seller, audience, technology } = profile;
  const scope = { channel, purpose, seller, audience, technology };
  const decision = decide({ scope, subject, ...facts, now: watermark }, policy, 'SCRUB');
  if (reached || decision.effect === 'ALLOW') return decision;
  const reasons = decision.reasons.filter(({ code }) => GROUNDS_OF_THE_UNREACHED.has(code));
  return reasons.length === 0 ? { effect: 'ALLOW', reasons: [] } : { effect: 'BLOCK', reasons };
}

async function readStates(
  contacts: readonly RowContact[],
  contactPoints: Pick<ContactPoints, 'read'>,
): Promise<ReadonlyMap<Token, ContactPointState>> {
  const tokens = [...new Set(contacts.map(({ token }) => token))];
  const parts: Token[][] = [];
  for (let at = 0; at < tokens.length; at += KEYS_A_READ) parts.push(tokens.slice(at, at + KEYS_A_READ));
  const found = await Promise.all(parts.map((part) => contactPoints.read(part)));
  return new Map(found.flat().map(({ token, state }) => [token, state]));
}

async function readListings(
  contacts: readonly RowContact[],
  registries: readonly RegistryMembership[],
): Promise<ReadonlyMap<string, readonly RegistryFact[]>> {
  const e164s = [...new Set(contacts.flatMap(({ e164 }) => (e164 === undefined ? [] : [e164])))];
  const listed = await Promise.all(registries.map((registry) => registry.listed(e164s)));
  return new Map(
    e164s.map((e164, position) => [
      e164,
      registries.map(({ version: { registry, areaCodes, ...dates } }, index) => {
        const isListed = listed[index]?.[position];
        if (isListed === undefined)
          throw new TypeError('expected an answer for every number that was asked for');
        return { registry, listed: isListed, versionAt: versionAtFor(dates, e164), areaCodes };
      }),
    ]),
  );
}
