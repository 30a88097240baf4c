import { writeFile } from 'node:fs/promises';
import { DEFAULT_POLICY } from '../lib/domain/policy/default-policy.ts';
import type { Exemption, Jurisdiction, PolicyDocument, Rule, RuleOf } from '../lib/domain/policy/policy.ts';

// Writes docs/policy.md from the policy that ships. Run with `npm run generate:policy-page` when a rule changes.

const TARGET = new URL('../docs/policy.md', import.meta.url);

const HEAD = `# The policy that ships

Generated from the document by bin/generate-policy-page.ts: do not edit. Not legal advice.

*Mark*: P the official text was read; Sq a dated third party quotes it; S a secondary source reports it; M general knowledge
only; O the operator's own rule. *Contested*: courts or regulators disagree, or the rule goes further than the law; the
stricter reading is taken. *From* is the first day in force, *to* the first day no longer in force, both UTC; 1970-01-01 stands
for a law that was in force before and whose first day was not looked up.

Where a number can be anywhere in its country (toll-free, an area code newer than the data) and no state of the called party
is given, a contact on which any region of that country has a rule is blocked: LOCATION_UNKNOWN. Number and address count
alike: the rules and the time zones of both apply; an address is a state, a ZIP code or a Canadian postal code. Where audience,
technology or product is not given, the rules for each apply: who sells none of the named products says OTHER.

Registries: a rule that asks a registry of which no version is loaded blocks (REGISTRY_UNAVAILABLE). The states' own lists are
asked from the import of their first version on, and never before: whoever calls people in such a state without being subject to
its list (exempt, or the national registry serves) imports none, and is not blocked for it. That decision is the operator's.

A soft opt-in counts where it is recorded (\`POST /v1/consents\`, status SOFT_OPT_IN) with an opt-out offered when the address
was obtained, where the check says \`softOptIn\`, and until the person refuses. It is no consent, and lifts nothing else.

FCC 26-67 (adopted 30 September 2026, not seen published) lets an opt-out end less than everything. Until then, and after it,
any means counts and everything ends. \`npx dialguard policy show --fcc-26-67-from DATE --json\` writes the variant in which,
from that day on, a request that answered contact for one purpose ends that purpose alone.

Not in the policy: seller registration, and what the notes leave to the operator.
`;

/** The text of the page: the same for the same document. */
export function policyPage({ version, rules }: PolicyDocument): string {
  const rows = rules.map((rule) => `| ${cellsOf(rule).join(' | ')} |`);
  return [
    HEAD,
    `Policy version ${version}: ${rules.length} rules.`,
    '',
    '| rule | where | channels | what | citation | mark | contested | from | to | note |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function cellsOf(rule: Rule): readonly string[] {
  const { id, jurisdiction, channels, citation, mark, contested, effectiveFrom, effectiveTo, note } = rule;
  const what = `${whatOf(rule)}${exemptionsOf(rule)}${aboutOf(rule)}`;
  return [
    ...[id, whereOf(jurisdiction), channels.join(', '), what, citation, mark, contested ? 'yes' : 'no'],
    ...[effectiveFrom, effectiveTo ?? '', note ?? ''],
  ];
}

function whereOf(jurisdiction: Jurisdiction): string {
  if ('regions' in jurisdiction) return jurisdiction.regions.join(', ');
  if ('countries' in jurisdiction) return jurisdiction.countries.join(', ');
  return ['everywhere', jurisdiction.except.join(', ')].filter((part) => part !== '').join(' but ');
}

function aboutOf({ kind, purposes, audience, technology, products }: Rule): string {
  const offers = kind === 'productBan' ? undefined : products?.join(', ');
  const about = [purposes.join(', '), audience, technology?.join(', '), offers].filter(
    (part) => part !== undefined,
  );
  return ` (${about.join('; ')})`;
}

function exemptionsOf(rule: Rule): string {
  const exemptions = 'exemptions' in rule ? rule.exemptions : undefined;
  return exemptions === undefined ? '' : `, unless ${exemptions.map(exemptionOf).join(' or ')}`;
}

function exemptionOf(exemption: Exemption): string {
  switch (exemption.kind) {
    case 'consent':
      return 'consent';
    case 'writtenConsent':
      return 'signed consent';
    case 'businessRelationship':
      return relationshipOf(exemption);
    case 'softOptIn':
      return softOptInOf(exemption);
  }
}

function relationshipOf({
  transactionMonths,
  inquiryMonths,
}: Extract<Exemption, { kind: 'businessRelationship' }>): string {
  const bought = `a purchase of the last ${transactionMonths}`;
  return inquiryMonths === 0
    ? `${bought} months`
    : `${bought} or an inquiry of the last ${inquiryMonths} months`;
}

function softOptInOf({
  channels,
  obtainedIn,
  maxAgeMonths,
}: Extract<Exemption, { kind: 'softOptIn' }>): string {
  const age = maxAgeMonths === undefined ? '' : ` of the last ${maxAgeMonths} months`;
  return `a soft opt-in${age} (${channels.join(', ')}; ${obtainedIn.join(', ')})`;
}

function hoursOf({ windows, holidays, zone }: RuleOf<'callingWindow'>): string {
  const weekdays = windows.map(({ days, from, until }) => `${days.join(' ')} ${from}-${until}`);
  const free =
    holidays === undefined ? [] : [`holidays (${holidays.calendar}) ${holidays.from}-${holidays.until}`];
  return `${[...weekdays, ...free].join(', ')}${zone === undefined ? '' : `, there and in ${zone}`}`;
}

function judged({ judgedAs }: RuleOf<'revocation' | 'suppression'>): string {
  return judgedAs === undefined ? '' : `, as for ${judgedAs}`;
}

function whatOf(rule: Rule): string {
  switch (rule.kind) {
    case 'hold':
      return 'blocked while a litigation hold stands';
    case 'suppression':
      return `blocked: ${rule.reasons.join(', ')}${rule.reach === undefined ? '' : ', for the purpose that a request was about'}${judged(rule)}`;
    case 'revocation':
      return `blocked once consent is withdrawn, until newer consent${judged(rule)}`;
    case 'revokeAll':
      return 'blocked once refused on any of these channels, for any of these purposes, until newer consent';
    case 'registry':
      return `blocked if on ${rule.registry}${rule.whereImported ? ', where a version of it is imported' : ''}`;
    case 'registryAge':
      return `${rule.registry} at most ${rule.maxAgeDays} days old`;
    case 'registryCoverage':
      return `area code in the subscription to ${rule.registry}`;
    case 'consentRequired':
      return [
        `consent${rule.maxAgeMonths === undefined ? '' : ` of the last ${rule.maxAgeMonths} months`}`,
        ...(rule.keepProofYears === undefined
          ? []
          : [`its proof kept ${rule.keepProofYears} years from the grant and from each use`]),
      ].join(', ');
    case 'writtenConsentRequired':
      return 'signed consent with the disclosures of 47 CFR 64.1200(f)(9)';
    case 'callingWindow':
      return hoursOf(rule);
    case 'productBan':
      return `never: ${rule.products.join(', ')}`;
    case 'dayBan':
      return `never on ${rule.days.join(' ')}`;
    case 'holidayBan':
      return `never on holidays (${rule.calendar})`;
    case 'emergencyBan':
      return `never in a declared emergency (${rule.periods.length} entered)`;
    case 'contactCap':
      return `at most ${rule.limit} in ${rule.days} days, none in the ${rule.daysAfterConversation} days that begin with a conversation`;
    case 'reassignedNumber':
      return 'blocked once the number is reported to be reassigned';
    case 'frequencyCap': {
      const { limit, window, per } = rule;
      const length = 'hours' in window ? `${window.hours} hours` : `${window.days} days`;
      return `at most ${limit} in ${length}, ${per === 'SELLER' ? 'each seller' : 'all sellers together'}`;
    }
  }
}

if (import.meta.main) await writeFile(TARGET, policyPage(DEFAULT_POLICY));
