import { entry, item, WHICH } from './columns.ts';
import type { View } from './view.ts';

const count = (name: string, path: string, says: string) => entry(name, path, says, 'integer');

/** What was found when outbound contacts were held against decisions. */
export const COVERAGE_VIEWS: readonly View[] = [
  {
    name: 'coverage_checks',
    says: 'one row for each hour whose outbound contacts were held against the decisions on record',
    kind: 'coverage',
    columns: [
      ...WHICH,
      entry('hour_from', '$.from', 'the first moment of the hour', 'iso'),
      entry('hour_to', '$.to', 'the first moment after it', 'iso'),
      count('window_ms', '$.windowMs', 'how long before a contact its decision may lie'),
      count('covered', '$.counts.COVERED', 'contacts with a decision to allow them'),
      count('no_decision', '$.counts.NO_DECISION', 'contacts without a decision'),
      count('blocked', '$.counts.BLOCKED', 'contacts that were made though the answer was BLOCK'),
      count('unreadable', '$.counts.UNREADABLE', 'contacts of which it cannot be said whom they reached'),
      count('wrong_region', '$.counts.WRONG_REGION', "contacts that another region's deployment decides"),
      count('consults', '$.leftOut.consults', 'people outside whom agents consulted'),
      count('own_numbers', '$.leftOut.own', "legs to the operator's own numbers"),
    ],
  },
  {
    name: 'coverage_campaigns',
    says: 'one row for each campaign of each hour, of those with the most gaps',
    kind: 'coverage',
    each: { path: '$.campaigns', is: 'array' },
    columns: [
      ...WHICH,
      entry('hour_from', '$.from', 'the first moment of the hour', 'iso'),
      item('campaign_id', '$.campaignId', 'the campaign; none for a call by hand'),
      item('contacts', '$.contacts', 'outbound contacts', 'integer'),
      item('covered', '$.covered', 'of them with a decision to allow them', 'integer'),
      item('gaps', '$.gaps', 'of them to be looked at', 'integer'),
    ],
  },
  {
    name: 'coverage_gaps',
    says: 'one row for each outbound contact that no decision covers, the first 500 of each hour',
    kind: 'coverage',
    each: { path: '$.gaps', is: 'array' },
    columns: [
      ...WHICH,
      item('gap_id', '$.gapId', 'its id'),
      item('conversation_id', '$.conversationId', 'the conversation on the platform'),
      item('campaign_id', '$.campaignId', 'the campaign'),
      item('token', '$.token', 'the number or the address'),
      item('channel', '$.channel', 'VOICE, SMS, EMAIL'),
      item('contacted_at', '$.at', 'when the contact began', 'iso'),
      item('outcome', '$.outcome', 'NO_DECISION, BLOCKED, UNREADABLE'),
    ],
  },
  {
    name: 'coverage_judgements',
    says: 'one row for each word on an outbound contact that no decision covers',
    kind: 'coverage-judgement',
    columns: [
      ...WHICH,
      entry('gap_id', '$.gapId', 'id of the contact'),
      entry('conversation_id', '$.conversationId', 'the conversation on the platform'),
      entry('token', '$.subjects[0]', 'the number or the address'),
      entry('outcome', '$.outcome', 'what was found'),
      entry('judged_by', '$.by', 'who judged it'),
      entry('reason', '$.reason', 'what it was'),
    ],
  },
];
