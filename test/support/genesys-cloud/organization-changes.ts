import type {
  Campaign,
  DataAction,
  DialerRule,
  DigitalRule,
  Integration,
  Organization,
} from '../../../lib/domain/genesys-setup/organization.ts';
import { ID } from './outbound-world.ts';

/** What is put in the place of parts of an organisation. */
export type Change = (found: Organization) => Partial<Organization>;

/** Changes to single things of an organisation. */
export const campaign =
  (id: string, change: Partial<Campaign>): Change =>
  ({ campaigns }) => ({
    campaigns: campaigns.map((one) => (one.id === id ? { ...one, ...change } : one)),
  });
export const messages =
  (id: string, change: object): Change =>
  ({ messagingCampaigns }) => ({
    messagingCampaigns: messagingCampaigns.map((one) => (one.id === id ? { ...one, ...change } : one)),
  });
export const rules =
  (change: (rule: DialerRule) => DialerRule | DialerRule[]): Change =>
  ({ ruleSets }) => ({
    ruleSets: ruleSets.map((set) =>
      set.name.startsWith('Dialguard ') ? { ...set, rules: set.rules.flatMap((rule) => change(rule)) } : set,
    ),
  });
export const condition = (change: Partial<DialerRule['conditions'][number]>): Change =>
  rules((rule) => ({ ...rule, conditions: rule.conditions.map((one) => ({ ...one, ...change })) }));
export const predicate = (change: object): Change =>
  rules((rule) => ({
    ...rule,
    conditions: rule.conditions.map((one) => ({
      ...one,
      predicates: one.predicates.map((each) => ({ ...each, ...change })),
    })),
  }));
export const digital =
  (change: (rule: DigitalRule) => DigitalRule): Change =>
  ({ digitalRuleSets }) => ({
    digitalRuleSets: digitalRuleSets.map((set) => ({ ...set, rules: set.rules.map(change) })),
  });
export const settings = (change: object): Change =>
  digital((rule) => ({
    ...rule,
    conditions: rule.conditions.map(({ dataActionConditionSettings: one, ...rest }) =>
      one === undefined ? rest : { ...rest, dataActionConditionSettings: { ...one, ...change } },
    ),
  }));
export const action =
  (change: (config: DataAction['config']) => object): Change =>
  ({ actions }) => ({
    actions: actions.map((one) =>
      one.name === 'Dialguard us-sales VOICE'
        ? { ...one, config: { ...one.config, ...change(one.config) } }
        : one,
    ),
  });
export const integration =
  (type: string, change: (one: Integration) => object): Change =>
  ({ integrations }) => ({
    integrations: integrations.map((one) =>
      one.integrationType?.id === type ? { ...one, ...change(one) } : one,
    ),
  });
export const withRule =
  (extra: DialerRule): Change =>
  ({ ruleSets }) => ({
    ruleSets: ruleSets.map((set) =>
      set.id === ID.otherRules ? { ...set, rules: [...set.rules, extra] } : set,
    ),
  });

export const PRECALL: DialerRule = {
  name: 'By type',
  order: -1,
  category: 'DIALER_PRECALL',
  conditions: [bare('phoneNumberTypeCondition')],
  actions: [{ type: 'Action', actionTypeName: 'DO_NOT_DIAL' }],
};
export function bare(type: string, codes: string[] = [], inverted = false): DialerRule['conditions'][number] {
  const none = { contactColumnToDataActionFieldMappings: [], predicates: [], dataNotFoundResolution: false };
  return { type, inverted, codes, ...none };
}
export const callback = (codes: string[], inverted: boolean): DialerRule => ({
  name: 'Call back',
  order: 5,
  category: 'DIALER_WRAPUP',
  conditions: [bare('wrapupCondition', codes, inverted)],
  actions: [{ type: 'Action', actionTypeName: 'SCHEDULE_CALLBACK' }],
});
export const LAMBDA = 'aws-lambda-data-actions';
export const EVENTS = 'amazon-eventbridge-source';
export const phone = (dataActionField: string) => [
  { contactColumnName: 'Cell', dataActionField: 'phoneNumber' },
  { contactColumnName: 'Home', dataActionField },
];
export const without =
  (columns: readonly string[]): Change =>
  ({ contactLists }) => ({
    contactLists: contactLists.map((list) => ({
      ...list,
      columnNames: list.columnNames.filter((name) => !columns.includes(name)),
    })),
  });
export const WHATSAPP = {
  id: 'w',
  name: 'Chat',
  version: 1,
  contactList: { id: ID.customers },
  ruleSets: [],
  dncLists: [{ id: ID.dnc }],
  whatsAppConfig: { whatsAppColumns: ['Mobile'] },
};
