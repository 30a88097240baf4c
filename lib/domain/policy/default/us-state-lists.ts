import type { Rule } from '../policy.ts';

const OPTIONAL =
  'Binds from the import of its first version on: import it where the state’s law binds the seller. Calls and texts are both taken to be covered, and no business relationship lifts it.';

function list(state: string, citation: string, more: Partial<Pick<Rule, 'mark' | 'note'>> = {}) {
  const id = `us-${state.toLowerCase()}-list`;
  return {
    id: `${id}ed`,
    kind: 'registry' as const,
    registry: id,
    whereImported: true as const,
    exemptions: [{ kind: 'writtenConsent' as const }],
    jurisdiction: { regions: [`US-${state}`] },
    channels: ['VOICE' as const, 'SMS' as const],
    purposes: ['MARKETING' as const],
    citation,
    mark: 'M' as const,
    effectiveFrom: '1970-01-01',
    contested: true,
    note: OPTIONAL,
    ...more,
  };
}

const TEXAS = list('TX', 'Tex. Bus. & Com. Code 304.051 and following', { mark: 'Sq' });

/** The do-not-call lists that states keep beside the national registry. */
export const US_STATE_LISTS: readonly Rule[] = [
  list('CO', 'Colo. Rev. Stat. 6-1-905'),
  list('FL', 'Fla. Stat. 501.059'),
  list('IN', 'Ind. Code 24-4.7'),
  list('LA', 'La. R.S. 45:844.14'),
  list('MA', 'M.G.L. c. 159C s. 2'),
  list('MO', 'Mo. Rev. Stat. 407.1098'),
  list('OK', '15 O.S. 775B.4'),
  list('PA', '73 P.S. 2245.2'),
  list('TN', 'Tenn. Code 65-4-405'),
  TEXAS,
  {
    id: 'us-tx-list-age',
    kind: 'registryAge',
    registry: TEXAS.registry,
    // July to September and October to December have 92 days.
    maxAgeDays: 92,
    exemptions: TEXAS.exemptions,
    jurisdiction: TEXAS.jurisdiction,
    channels: TEXAS.channels,
    purposes: TEXAS.purposes,
    citation: TEXAS.citation,
    mark: 'M',
    effectiveFrom: TEXAS.effectiveFrom,
    contested: true,
    note: 'The list is published on the first of January, April, July and October; that the one before may not be used any longer was not read.',
  },
  list('WY', 'Wyo. Stat. 40-12-302'),
];
