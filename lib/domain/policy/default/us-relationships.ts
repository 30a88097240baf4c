import type { Rule } from '../policy.ts';

const NOT_READ =
  'That the state counts a relationship for less time than 47 CFR 64.1200(f)(5) comes from a secondary source; it is taken to bind for the national registry too.';

function relationship(
  state: string,
  months: { readonly transactionMonths: number; readonly inquiryMonths: number },
  law: { readonly citation: string; readonly note?: string },
): Rule {
  return {
    id: `us-${state.toLowerCase()}-relationship`,
    kind: 'registry',
    registry: 'us-national',
    exemptions: [{ kind: 'writtenConsent' }, { kind: 'businessRelationship', ...months }],
    jurisdiction: { regions: [`US-${state}`] },
    channels: ['VOICE', 'SMS'],
    purposes: ['MARKETING'],
    citation: law.citation,
    mark: 'S',
    effectiveFrom: '1970-01-01',
    contested: true,
    note: law.note === undefined ? NOT_READ : `${law.note} ${NOT_READ}`,
  };
}

/** States in which a business relationship lifts the registry for less time than under federal law. */
export const US_RELATIONSHIPS: readonly Rule[] = [
  relationship('OR', { transactionMonths: 18, inquiryMonths: 0 }, { citation: 'ORS 646.561 and following' }),
  relationship('PA', { transactionMonths: 12, inquiryMonths: 12 }, { citation: '73 P.S. 2242, 2245' }),
  relationship(
    'WA',
    { transactionMonths: 12, inquiryMonths: 0 },
    { citation: 'RCW 80.36.390', note: 'Whether an inquiry makes one was not read.' },
  ),
];
