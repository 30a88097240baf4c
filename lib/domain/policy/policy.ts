import * as z from 'zod';
import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import { MOST_ATTEMPTS } from '../state/attempts.ts';
import { Channel, Purpose, SuppressionReason } from '../vocabulary.ts';

const IsoDate = z.iso.date();
const Country = z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 country');

/** Where a rule applies: named countries, or every country but the named ones. */
export const Jurisdiction = z.union([
  z.strictObject({ countries: z.array(Country).min(1) }),
  z.strictObject({ except: z.array(Country) }),
]);
export type Jurisdiction = z.infer<typeof Jurisdiction>;

const RuleBase = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected kebab-case'),
  jurisdiction: Jurisdiction,
  channels: z.array(Channel).min(1),
  purposes: z.array(Purpose).min(1),
  citation: z.string().min(1),
  /** First day on which the rule applies, in UTC. */
  effectiveFrom: IsoDate,
  /** First day on which it no longer applies. */
  effectiveTo: IsoDate.optional(),
  /** Whether courts or regulators disagree: the stricter reading is taken and marked. */
  contested: z.boolean(),
  note: z.string().optional(),
});

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected HH:MM');

export const HoldRule = RuleBase.extend({ kind: z.literal('hold') });
export const SuppressionRule = RuleBase.extend({
  kind: z.literal('suppression'),
  reasons: z.array(SuppressionReason).min(1),
  /** Whether proved consent that is newer than the suppression lifts it. */
  liftedByConsent: z.boolean(),
});
export const RevocationRule = RuleBase.extend({ kind: z.literal('revocation') });
export const RegistryRule = RuleBase.extend({
  kind: z.literal('registry'),
  registry: z.string().min(1),
  liftedByConsent: z.boolean(),
});
export const RegistryAgeRule = RuleBase.extend({
  kind: z.literal('registryAge'),
  registry: z.string().min(1),
  maxAgeDays: z.number().int().positive(),
});
export const RegistryCoverageRule = RuleBase.extend({
  kind: z.literal('registryCoverage'),
  registry: z.string().min(1),
});
export const ConsentRequiredRule = RuleBase.extend({ kind: z.literal('consentRequired') });
export const CallingWindowRule = RuleBase.extend({
  kind: z.literal('callingWindow'),
  /** First permitted minute, and the first minute that is not, in the called party's local time. */
  from: TimeOfDay,
  until: TimeOfDay,
}).refine(({ from, until }) => from < until, {
  path: ['until'],
  message: 'expected a later time than `from`',
});

export const FrequencyCapRule = RuleBase.extend({
  kind: z.literal('frequencyCap'),
  /** How many attempts are permitted inside the rolling window: no more than are remembered. */
  limit: z.number().int().positive().max(MOST_ATTEMPTS),
  window: z.union([
    z.strictObject({ hours: z.number().int().positive().max(8784) }),
    z.strictObject({ days: z.number().int().positive().max(366) }),
  ]),
  /** Whose attempts count: those of one seller, or of all together. */
  per: z.enum(['SELLER', 'ANY_SELLER']),
});

const Days = z.number().int().positive().max(366);
/** At most `limit` attempts in so many consecutive days of the called party's calendar, and a rest after a conversation. */
export const ContactCapRule = RuleBase.extend({
  kind: z.literal('contactCap'),
  limit: z.number().int().positive().max(MOST_ATTEMPTS),
  /** The day of the attempt is the first of them. */
  days: Days,
  /** The day of the conversation is the first of them. */
  daysAfterConversation: Days,
  per: z.enum(['SELLER', 'ANY_SELLER']),
});
/** A number that was given to somebody else since is blocked until consent that is newer than that answer. */
export const ReassignedNumberRule = RuleBase.extend({ kind: z.literal('reassignedNumber') });

export const Rule = z.discriminatedUnion('kind', [
  HoldRule,
  SuppressionRule,
  RevocationRule,
  RegistryRule,
  RegistryAgeRule,
  RegistryCoverageRule,
  ConsentRequiredRule,
  CallingWindowRule,
  FrequencyCapRule,
  ContactCapRule,
  ReassignedNumberRule,
]);
export type Rule = z.infer<typeof Rule>;
export type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

export const PolicyDocument = z.strictObject({ version: z.string().min(1), rules: z.array(Rule).min(1) });
export type PolicyDocument = z.infer<typeof PolicyDocument>;

/** A policy ready to decide with: its document and the name by which every decision cites it. */
export type Policy = PolicyDocument & {
  /** SHA-256 of the document's canonical JSON, hex. */
  readonly hash: string;
  /** `<version>+<first 12 hex digits of the hash>`. */
  readonly name: string;
};

/** Names a policy by its content: two documents that differ in a byte never share a name. */
export function policyOf(document: PolicyDocument): Policy {
  const hash = sha256Hex(canonicalJson(document));
  return { ...document, hash, name: `${document.version}+${hash.slice(0, 12)}` };
}
