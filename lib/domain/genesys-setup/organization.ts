import * as z from 'zod';

/**
 * What is read of a Genesys Cloud organisation. Whatever is replaced as a whole keeps the fields that nobody here reads:
 * a campaign that is written back without its queue would lose it.
 */
const Id = z.string().min(1);
const Ref = z.looseObject({ id: Id });
const refs = z.array(Ref).default([]);
const named = { id: Id, name: z.string() };
const version = z.number().int();
const off = z.boolean().default(false);

const Predicate = z.looseObject({
  outputField: z.string(),
  outputOperator: z.string(),
  comparisonValue: z.string(),
  inverted: off,
  outputFieldMissingResolution: off,
});
export type Predicate = z.infer<typeof Predicate>;

const Mapping = z.looseObject({ contactColumnName: z.string(), dataActionField: z.string() });
const mappings = z.array(Mapping).default([]);

const DialerCondition = z.looseObject({
  type: z.string(),
  inverted: off,
  dataAction: Ref.optional(),
  contactIdField: z.string().optional(),
  dataNotFoundResolution: off,
  contactColumnToDataActionFieldMappings: mappings,
  predicates: z.array(Predicate).default([]),
  codes: z.array(z.string()).default([]),
});

const DialerRule = z.looseObject({
  name: z.string(),
  order: z.number().default(0),
  category: z.string(),
  conditions: z.array(DialerCondition).default([]),
  actions: z.array(z.looseObject({ type: z.string(), actionTypeName: z.string() })).default([]),
});
export type DialerRule = z.infer<typeof DialerRule>;

const DataActionSettings = z.looseObject({
  dataActionId: Id,
  contactIdField: z.string().optional(),
  dataNotFoundResolution: off,
  predicates: z.array(Predicate).default([]),
  contactColumnToDataActionFieldMappings: mappings,
});

const DigitalRule = z.looseObject({
  name: z.string(),
  order: z.number().default(0),
  category: z.string(),
  conditions: z
    .array(z.looseObject({ inverted: off, dataActionConditionSettings: DataActionSettings.optional() }))
    .default([]),
  actions: z
    .array(z.looseObject({ doNotSendActionSettings: z.record(z.string(), z.unknown()).optional() }))
    .default([]),
});
export type DigitalRule = z.infer<typeof DigitalRule>;

export const RuleSet = z.looseObject({ ...named, version, rules: z.array(DialerRule).default([]) });
export const DigitalRuleSet = z.looseObject({ ...named, version, rules: z.array(DigitalRule).default([]) });
export type RuleSet = z.infer<typeof RuleSet>;
export type DigitalRuleSet = z.infer<typeof DigitalRuleSet>;

const columns = z.array(z.looseObject({ columnName: z.string() })).default([]);

export const Campaign = z.looseObject({
  ...named,
  version,
  contactList: Ref,
  dialingMode: z.string(),
  phoneColumns: columns,
  ruleSets: refs,
  dncLists: refs,
});
export type Campaign = z.infer<typeof Campaign>;

export const MessagingCampaign = z.looseObject({
  ...named,
  version,
  contactList: Ref,
  ruleSets: refs,
  dncLists: refs,
  smsConfig: z.looseObject({ phoneColumn: z.string() }).optional(),
  emailConfig: z.looseObject({ emailColumns: z.array(z.string()) }).optional(),
  whatsAppConfig: z.looseObject({ whatsAppColumns: z.array(z.string()) }).optional(),
});
export type MessagingCampaign = z.infer<typeof MessagingCampaign>;

export const ContactList = z.object({
  ...named,
  columnNames: z.array(z.string()).default([]),
  phoneColumns: columns,
});
export type ContactList = z.infer<typeof ContactList>;

export const DncList = z.object({
  ...named,
  dncSourceType: z.string(),
  contactMethod: z.string().optional(),
  size: z.number().optional(),
});
export type DncList = z.infer<typeof DncList>;

export const IntegrationConfig = z.looseObject({
  name: z.string(),
  version,
  notes: z.string().default(''),
  properties: z.record(z.string(), z.unknown()).default({}),
  advanced: z.record(z.string(), z.unknown()).default({}),
  credentials: z.record(z.string(), Ref).default({}),
});
export type IntegrationConfig = z.infer<typeof IntegrationConfig>;

export const ListedIntegration = z.object({
  ...named,
  integrationType: z.object({ id: Id }).optional(),
  intendedState: z.string(),
  reportedState: z.object({ code: z.string().optional() }).optional(),
});
/** Only those are kept whose settings are read: those that run Lambdas, and those that send events to AWS. */
export type Integration = z.infer<typeof ListedIntegration> & { readonly config: IntegrationConfig };

export const Credential = z.object({ id: Id, name: z.string().default('') });
export const WrapUpCode = z.object(named);
export type WrapUpCode = z.infer<typeof WrapUpCode>;

export const WrapUpCodeMapping = z.looseObject({
  version,
  defaultSet: z.array(z.string()).default([]),
  mapping: z.record(z.string(), z.array(z.string())).default({}),
});
export type WrapUpCodeMapping = z.infer<typeof WrapUpCodeMapping>;

export const ListedAction = z.object({ ...named, integrationId: z.string().optional() });
export type ListedAction = z.infer<typeof ListedAction>;

const schema = z.looseObject({ properties: z.record(z.string(), z.unknown()).default({}) });
const texts = z.record(z.string(), z.string()).default({});

export const DataAction = z.object({
  ...named,
  integrationId: z.string(),
  version,
  category: z.string().optional(),
  config: z.object({
    timeoutSeconds: z.number().optional(),
    request: z.object({
      requestUrlTemplate: z.string().default(''),
      requestType: z.string().default(''),
      requestTemplate: z.string().optional(),
      headers: texts,
    }),
    response: z.object({
      translationMap: texts,
      translationMapDefaults: texts,
      successTemplate: z.string().optional(),
    }),
  }),
  contract: z.object({
    input: z.object({ inputSchema: schema }),
    output: z.object({ successSchema: schema }),
  }),
});
export type DataAction = z.infer<typeof DataAction>;

export const AvailableTopic = z.object({ id: Id, transports: z.array(z.string()).default([]) });

/** An organisation, as far as it decides whether a contact passes the check. */
export type Organization = {
  readonly id: string;
  readonly campaigns: readonly Campaign[];
  readonly messagingCampaigns: readonly MessagingCampaign[];
  readonly contactLists: readonly ContactList[];
  readonly dncLists: readonly DncList[];
  readonly ruleSets: readonly RuleSet[];
  readonly digitalRuleSets: readonly DigitalRuleSet[];
  readonly integrations: readonly Integration[];
  readonly credentials: readonly z.infer<typeof Credential>[];
  /** All that are published. */
  readonly publishedActions: readonly ListedAction[];
  /** Those in full that have our name, or are asked by a rule set that has. */
  readonly actions: readonly DataAction[];
  readonly wrapUpCodes: readonly WrapUpCode[];
  readonly wrapUpCodeMapping: WrapUpCodeMapping;
  /** Ids of the topics that can be sent to EventBridge. */
  readonly eventBridgeTopics: readonly string[];
};

export const LAMBDA_INTEGRATION = 'aws-lambda-data-actions';
export const EVENT_INTEGRATION = 'amazon-eventbridge-source';
