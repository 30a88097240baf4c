import * as z from 'zod';
import { canonicalJson, sha256Hex } from '../canonical-json.ts';
import { MOST_ATTEMPTS } from '../state/attempts.ts';
import { SoftOptIn } from '../state/facts.ts';
import { Audience, Channel, Product, Purpose, SuppressionReason, Technology } from '../vocabulary.ts';
import { HolidayCalendar } from './holidays.ts';
import { isKnownZone, Weekday } from './local-time.ts';

const IsoDate = z.iso.date();
const Country = z.string().regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 alpha-2 country');

const Region = z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'expected an ISO 3166-2 region');

/** Where a rule applies: named countries, named regions of countries, or every country but the named ones. */
export const Jurisdiction = z.union([
  z.strictObject({ countries: z.array(Country).min(1) }),
  z.strictObject({ regions: z.array(Region).min(1) }),
  z.strictObject({ except: z.array(Country) }),
]);
export type Jurisdiction = z.infer<typeof Jurisdiction>;

/**
 * How far a citation is confirmed: the official text was read (P), a dated third party quotes it (Sq), a secondary source
 * reports it (S), general knowledge only (M), or it is the operator's own rule (O).
 */
export const Mark = z.enum(['P', 'Sq', 'S', 'M', 'O']);
export type Mark = z.infer<typeof Mark>;

const UnconditionalBase = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected kebab-case'),
  jurisdiction: Jurisdiction,
  channels: z.array(Channel).min(1),
  purposes: z.array(Purpose).min(1),
  /** Whom the rule protects; everybody where absent. */
  audience: Audience.optional(),
  /** The kinds of call that the rule is about; every kind where absent. */
  technology: z.array(Technology).min(1).optional(),
  /** The offers that the rule is about; every offer where absent. */
  products: z.array(Product).min(1).optional(),
  citation: z.string().min(1),
  mark: Mark,
  /** First day on which the rule applies, in UTC. */
  effectiveFrom: IsoDate,
  /** First day on which it no longer applies. */
  effectiveTo: IsoDate.optional(),
  /** Whether courts or regulators disagree: the stricter reading is taken and marked. */
  contested: z.boolean(),
  note: z.string().optional(),
});

const ConsentExemption = z.strictObject({ kind: z.literal('consent') });
/** A signed writing that names the seller and the number. */
const WrittenConsentExemption = z.strictObject({ kind: z.literal('writtenConsent') });
/** 0: such an event makes no relationship. */
const Months = z.number().int().nonnegative().max(1200);
const BusinessRelationshipExemption = z.strictObject({
  kind: z.literal('businessRelationship'),
  transactionMonths: Months,
  inquiryMonths: Months,
});

/**
 * An own customer who did not refuse: Directive 2002/58/EC Art 13(2). It counts where the check says that the message
 * keeps to the terms, and where an opt-out was offered when the address was obtained; a request or a withdrawal ends it.
 */
const SoftOptInExemption = z.strictObject({
  kind: z.literal('softOptIn'),
  /** Those of the rule's channels on which there is one. */
  channels: z.array(Channel.exclude(['VOICE'])).min(1),
  obtainedIn: z.array(SoftOptIn.shape.obtainedIn).min(1),
  /** It counts for so many calendar months from the day the address was obtained, UTC; without end where absent. */
  maxAgeMonths: z.number().int().positive().max(1200).optional(),
});

/** What lifts a rule. */
export const Exemption = z.discriminatedUnion('kind', [
  ConsentExemption,
  WrittenConsentExemption,
  BusinessRelationshipExemption,
  SoftOptInExemption,
]);
export type Exemption = z.infer<typeof Exemption>;

/** A rule that is lifted where one of its exemptions holds. */
const RuleBase = UnconditionalBase.extend({ exemptions: z.array(Exemption).min(1).optional() });

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected HH:MM');

/**
 * Counts what was refused as for contact of this purpose: nobody refuses breach notices, but whoever refused contact about
 * what they bought is told of a breach another way.
 */
const judgedAs = Purpose.optional();

export const HoldRule = UnconditionalBase.extend({ kind: z.literal('hold') });
export const SuppressionRule = UnconditionalBase.extend({
  kind: z.literal('suppression'),
  reasons: z.array(SuppressionReason).min(1),
  /** What lifts it where it is newer than the suppression; a business relationship never does. */
  exemptions: z
    .array(z.discriminatedUnion('kind', [ConsentExemption, WrittenConsentExemption]))
    .min(1)
    .optional(),
  /** AS_ASKED: a request that answered contact for one purpose ends that purpose alone. Absent: every purpose. */
  reach: z.enum(['AS_ASKED']).optional(),
  judgedAs,
});
export const RevocationRule = UnconditionalBase.extend({ kind: z.literal('revocation'), judgedAs });
/**
 * A request or a withdrawal on any of the rule's channels ends contact on all of them, for all of its purposes, unless it
 * answered contact for another purpose.
 */
export const RevokeAllRule = UnconditionalBase.extend({ kind: z.literal('revokeAll') });
export const RegistryRule = RuleBase.extend({
  kind: z.literal('registry'),
  registry: z.string().min(1),
  /** Asked only where the operator has put a version of the list into use; without it a missing list blocks. */
  whereImported: z.literal(true).optional(),
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
export const ConsentRequiredRule = RuleBase.extend({
  kind: z.literal('consentRequired'),
  /** Consent counts for so many calendar months from the day it was given or renewed, UTC; without end where absent. */
  maxAgeMonths: z.number().int().positive().optional(),
  /** The proof is kept for so many years from the grant and from each use. Nothing is decided by it. */
  keepProofYears: z.number().int().positive().max(100).optional(),
});
/** Consent in a signed writing with every disclosure of 47 CFR 64.1200(f)(9). */
export const WrittenConsentRequiredRule = RuleBase.extend({ kind: z.literal('writtenConsentRequired') });
/** Hours of some weekdays in local time: `from` is the first permitted minute, `until` the first that is not. */
export const Window = z
  .strictObject({ days: z.array(Weekday).min(1), from: TimeOfDay, until: TimeOfDay })
  .refine(({ from, until }) => from < until, {
    path: ['until'],
    message: 'expected a later time than `from`',
  });
export type Window = z.infer<typeof Window>;

export const CallingWindowRule = RuleBase.extend({
  kind: z.literal('callingWindow'),
  /** Days and hours in none of these are shut. */
  windows: z.array(Window).min(1),
  /** An IANA time zone in which a window must be open beside the called party's own. */
  zone: z.string().refine(isKnownZone, 'expected an IANA time zone').optional(),
  /** Hours of the holidays of a calendar, in place of the weekday's. */
  holidays: z
    .strictObject({ calendar: HolidayCalendar, from: TimeOfDay, until: TimeOfDay })
    .refine(({ from, until }) => from < until, {
      path: ['until'],
      message: 'expected a later time than `from`',
    })
    .optional(),
});
/** What may not be offered so, whatever the consent. */
export const ProductBanRule = UnconditionalBase.extend({
  kind: z.literal('productBan'),
  products: z.array(Product).min(1),
});
export const DayBanRule = RuleBase.extend({
  kind: z.literal('dayBan'),
  days: z.array(Weekday).min(1),
});
export const HolidayBanRule = RuleBase.extend({
  kind: z.literal('holidayBan'),
  calendar: HolidayCalendar,
});
export const EmergencyBanRule = RuleBase.extend({
  kind: z.literal('emergencyBan'),
  /** Emergencies that the operator knows to be declared there; without `until` one goes on. */
  periods: z.array(
    z
      .strictObject({ from: z.iso.datetime(), until: z.iso.datetime().optional() })
      .refine(({ from, until }) => until === undefined || Date.parse(from) < Date.parse(until), {
        path: ['until'],
        message: 'expected a later time than `from`',
      }),
  ),
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
export const ReassignedNumberRule = UnconditionalBase.extend({ kind: z.literal('reassignedNumber') });

export const Rule = z.discriminatedUnion('kind', [
  HoldRule,
  SuppressionRule,
  RevocationRule,
  RevokeAllRule,
  RegistryRule,
  RegistryAgeRule,
  RegistryCoverageRule,
  ConsentRequiredRule,
  WrittenConsentRequiredRule,
  CallingWindowRule,
  FrequencyCapRule,
  ContactCapRule,
  ReassignedNumberRule,
  ProductBanRule,
  DayBanRule,
  HolidayBanRule,
  EmergencyBanRule,
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
