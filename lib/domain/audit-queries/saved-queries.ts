import { CONSENT_QUERIES } from './saved/consents.ts';
import { COVERAGE_QUERIES } from './saved/coverage.ts';
import { DECISION_QUERIES } from './saved/decisions.ts';
import { ERASURE_QUERIES } from './saved/erasures.ts';
import { HOLD_QUERIES } from './saved/holds.ts';
import { INCIDENT_QUERIES } from './saved/incidents.ts';
import { LIST_QUERIES } from './saved/lists.ts';
import { NUMBER_QUERIES } from './saved/numbers.ts';
import { OPT_OUT_QUERIES } from './saved/opt-outs.ts';
import { REGISTRY_QUERIES } from './saved/registries.ts';
import type { SavedQuery } from './saved-query.ts';

/** Every saved query, under the heading that it stands below in the documents. */
export const SAVED_QUERY_GROUPS: Readonly<Record<string, readonly SavedQuery[]>> = {
  Decisions: DECISION_QUERIES,
  'One number or address': NUMBER_QUERIES,
  'Opt-outs': OPT_OUT_QUERIES,
  Consents: CONSENT_QUERIES,
  'Litigation holds': HOLD_QUERIES,
  Registries: REGISTRY_QUERIES,
  'Contact lists': LIST_QUERIES,
  Erasures: ERASURE_QUERIES,
  Coverage: COVERAGE_QUERIES,
  'Personal data breaches': INCIDENT_QUERIES,
};

export const SAVED_QUERIES: readonly SavedQuery[] = Object.values(SAVED_QUERY_GROUPS).flat();
