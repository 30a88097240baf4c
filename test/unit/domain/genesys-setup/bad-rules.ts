import {
  bare,
  callback,
  campaign,
  condition,
  digital,
  messages,
  PRECALL,
  phone,
  predicate,
  rules,
  settings,
  WHATSAPP,
  withRule,
} from '../../../support/genesys-cloud/organization-changes.ts';
import { ID } from '../../../support/genesys-cloud/outbound-world.ts';
import type { BadCases } from './bad-settings.ts';

/** Rule sets that let contacts past, one after the other. */
export const BAD_RULES: BadCases = {
  VOICE_CAMPAIGN_WITHOUT_RULE_SET: [
    ['no rule set', campaign(ID.sales, { ruleSets: [] }), /Spring sale/],
    [
      'a rule set of somebody else alone',
      campaign(ID.sales, { ruleSets: [{ id: ID.otherRules }] }),
      /Spring sale/,
    ],
    ['one that is gone', () => ({ ruleSets: [] }), /Renewals/],
  ],
  DIGITAL_CAMPAIGN_WITHOUT_RULE_SET: [
    ['texts', messages(ID.texts, { ruleSets: [] }), /Reminders \(SMS\)/],
    ['e-mails', messages(ID.letters, { ruleSets: [] }), /News \(EMAIL\)/],
    [
      'a channel that no check knows',
      ({ messagingCampaigns }) => ({ messagingCampaigns: [...messagingCampaigns, WHATSAPP] }),
      /Chat \(WHATSAPP\)/,
    ],
    [
      'a channel that nobody knows yet',
      messages(ID.texts, { smsConfig: undefined, ruleSets: [] }),
      /Reminders \(UNKNOWN\)/,
    ],
  ],
  COLUMN_NOT_MAPPED: [
    [
      'a number of the list that the campaign does not dial by itself',
      condition({ contactColumnToDataActionFieldMappings: phone('postalCode') }),
      /Renewals.*column Home/,
    ],
    [
      'a number as an address',
      condition({ contactColumnToDataActionFieldMappings: phone('email') }),
      /column Home/,
    ],
    [
      'the second number',
      condition({ contactColumnToDataActionFieldMappings: phone('postalCode') }),
      /Spring sale.*column Home/,
    ],
    [
      'two to one input',
      condition({ contactColumnToDataActionFieldMappings: phone('phoneNumber') }),
      /column Home/,
    ],
    ['an address', settings({ contactColumnToDataActionFieldMappings: [] }), /News.*column Mail/],
  ],
  PREDICATE_NOT_INVERTED_ALLOW: [
    ['not inverted', predicate({ inverted: false }), /rule Block unless ALLOW/],
    ['BLOCK', predicate({ comparisonValue: 'BLOCK' }), /rule Block/],
    ['another field', predicate({ outputField: 'reason' }), /rule Block/],
    ['another operator', predicate({ outputOperator: 'CONTAINS' }), /rule Block/],
    ['none', condition({ predicates: [] }), /rule Block/],
    ['none for messages', settings({ predicates: [] }), /service SMS/],
  ],
  MISSING_DATA_CONTACTS: [
    ['no data', condition({ dataNotFoundResolution: false }), /rule Block/],
    ['no field', predicate({ outputFieldMissingResolution: false }), /rule Block/],
    ['no data for messages', settings({ dataNotFoundResolution: false }), /SMS/],
  ],
  RULE_DOES_NOT_BLOCK: [
    ['after the call', rules((rule) => ({ ...rule, category: 'DIALER_WRAPUP' })), /not evaluated before/],
    [
      'another action',
      rules((rule) => ({ ...rule, actions: [{ type: 'Action', actionTypeName: 'SWITCH_TO_PREVIEW' }] })),
      /does not block/,
    ],
    ['inverted', condition({ inverted: true }), /inverted/],
    [
      'a further condition',
      rules((rule) => ({ ...rule, conditions: [...rule.conditions, bare('timeAndDateCondition')] })),
      /further condition/,
    ],
    ['no rule', rules(() => []), /no rule asks/],
    ['sends', digital((rule) => ({ ...rule, actions: [{}] })), /does not block/],
    [
      'a further condition for messages',
      digital((rule) => ({
        ...rule,
        conditions: [...rule.conditions, { inverted: false, contactColumnConditionSettings: {} }],
      })),
      /further condition/,
    ],
  ],
  RULE_NOT_FIRST: [
    ['a rule before ours', rules((rule) => [PRECALL, rule]), /rule By type/],
    [
      'a rule set before ours',
      ({ campaigns }) => ({
        campaigns: campaigns.map((one) => ({ ...one, ruleSets: one.ruleSets.toReversed() })),
      }),
      /Spring sale: another rule set/,
    ],
  ],
  CALLBACK_AFTER_OPT_OUT: [
    ['on the code', withRule(callback([ID.doNotCall], false)), /rule set Retries, rule Call back/],
    ['on all others but it', withRule(callback(['other'], true)), /Call back/],
  ],
  PREVIEW_RULE_NOT_EVALUATED: [
    [
      'by type',
      (all) => ({
        ...withRule(PRECALL)(all),
        ...campaign(ID.preview, { phoneColumns: [{ columnName: 'Cell' }, { columnName: 'Home' }] })(all),
      }),
      /Renewals, rule set Retries, rule By type/,
    ],
  ],
};
