import * as z from 'zod';

/** What the platform takes of integrations and outbound dialling: each field that it knows, no other. */
const ref = z.strictObject({
  id: z.string().min(1),
  name: z.string().optional(),
  selfUri: z.string().optional(),
});
const name = z.string().min(1).max(64);
const readOnly = {
  id: z.string().optional(),
  dateCreated: z.string().optional(),
  dateModified: z.string().optional(),
  selfUri: z.string().optional(),
  version: z.number().int().optional(),
};
const mapping = z.strictObject({ contactColumnName: z.string(), dataActionField: z.string() });
const predicate = (operators: z.ZodType<string>) =>
  z.strictObject({
    outputField: z.string(),
    outputOperator: operators,
    comparisonValue: z.string(),
    inverted: z.boolean(),
    outputFieldMissingResolution: z.boolean(),
  });

const condition = z.strictObject({
  type: z.enum([
    'wrapupCondition',
    'contactAttributeCondition',
    'phoneNumberCondition',
    'phoneNumberTypeCondition',
    'callAnalysisCondition',
    'dataActionCondition',
  ]),
  inverted: z.boolean().optional(),
  attributeName: z.string().optional(),
  value: z.string().optional(),
  valueType: z.string().optional(),
  operator: z.string().optional(),
  codes: z.array(z.string()).optional(),
  dataAction: ref.optional(),
  dataNotFoundResolution: z.boolean().optional(),
  contactIdField: z.string().optional(),
  contactColumnToDataActionFieldMappings: z.array(mapping).optional(),
  predicates: z.array(predicate(z.enum(['EQUALS', 'CONTAINS', 'BEGINS_WITH', 'ENDS_WITH']))).optional(),
});

export const RuleSetBody = z.strictObject({
  ...readOnly,
  name,
  contactList: ref.optional(),
  queue: ref.optional(),
  rules: z.array(
    z.strictObject({
      id: z.string().optional(),
      name,
      order: z.number().int().min(0),
      category: z.enum(['DIALER_PRECALL', 'DIALER_WRAPUP']),
      conditions: z.array(condition).min(1),
      actions: z.array(
        z.strictObject({
          type: z.enum(['Action', 'modifyContactAttribute', 'dataActionBehavior']),
          actionTypeName: z.enum(['DO_NOT_DIAL', 'SCHEDULE_CALLBACK', 'SWITCH_TO_PREVIEW', 'SET_CALLER_ID']),
          properties: z.record(z.string(), z.string()).optional(),
        }),
      ),
    }),
  ),
});

const settings = z.strictObject({
  dataActionId: z.string(),
  contactIdField: z.string().optional(),
  dataNotFoundResolution: z.boolean(),
  predicates: z.array(predicate(z.enum(['Equals', 'Contains', 'BeginsWith', 'EndsWith']))).optional(),
  contactColumnToDataActionFieldMappings: z.array(mapping).optional(),
});

export const DigitalRuleSetBody = z.strictObject({
  ...readOnly,
  name,
  contactList: ref.optional(),
  rules: z.array(
    z.strictObject({
      id: z.string().optional(),
      name,
      order: z.number().int().min(0),
      category: z.enum(['PreContact', 'PostContact']),
      conditions: z.array(
        z.strictObject({
          inverted: z.boolean().optional(),
          dataActionConditionSettings: settings.optional(),
        }),
      ),
      actions: z.array(z.strictObject({ doNotSendActionSettings: z.strictObject({}).optional() })),
    }),
  ),
});

export const DncListBody = z.strictObject({
  name,
  dncSourceType: z.literal('rds'),
  contactMethod: z.enum(['Phone', 'Email', 'Any', 'WhatsApp']),
});

export const CredentialBody = z.strictObject({
  name,
  type: z.strictObject({ name: z.literal('amazonWebServicesARN') }),
  credentialFields: z.strictObject({ ARN: z.string().startsWith('arn:') }),
});

export const IntegrationBody = z.strictObject({
  name,
  integrationType: z.strictObject({ id: z.enum(['aws-lambda-data-actions', 'amazon-eventbridge-source']) }),
});

export const IntegrationPatch = z.strictObject({ intendedState: z.enum(['ENABLED', 'DISABLED']) });

export const IntegrationConfigBody = z.strictObject({
  id: z.string().optional(),
  name,
  version: z.number().int(),
  notes: z.string(),
  properties: z.union([
    z.strictObject({}),
    z.strictObject({
      awsAccountId: z.string(),
      awsAccountRegion: z.string(),
      eventSourceSuffix: z.string(),
      eventFilter: z.array(z.string().startsWith('v2.')).min(1),
    }),
  ]),
  advanced: z.record(z.string(), z.unknown()),
  credentials: z
    .record(z.literal('AmazonWebServicesARN'), z.looseObject({ id: z.string() }))
    .or(z.strictObject({})),
  selfUri: z.string().optional(),
});

const schema = z.strictObject({
  type: z.literal('object'),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.strictObject({ type: z.string() })),
  additionalProperties: z.boolean(),
});
const texts = z.record(z.string(), z.string());
const config = z.strictObject({
  timeoutSeconds: z.number().int().min(1).max(60).optional(),
  request: z.strictObject({
    requestUrlTemplate: z.string(),
    requestType: z.enum(['GET', 'POST']),
    requestTemplate: z.string(),
    headers: texts,
  }),
  response: z.strictObject({
    translationMap: texts,
    translationMapDefaults: texts,
    successTemplate: z.string(),
  }),
});

export const ActionBody = z.strictObject({
  category: z.string().min(1).max(256),
  name: z.string().min(1).max(256),
  integrationId: z.string(),
  config,
  contract: z.strictObject({
    input: z.strictObject({ inputSchema: schema }),
    output: z.strictObject({ successSchema: schema }),
  }),
  secure: z.boolean(),
});
export type ActionBody = z.infer<typeof ActionBody>;

export const ActionPatch = z.strictObject({
  category: z.string(),
  name: z.string(),
  config,
  version: z.number().int(),
});

const flag = z.enum([
  'Contact_UnCallable',
  'Number_UnCallable',
  'Right_Party_Contact',
  'Business_Success',
  'Business_Failure',
  'Business_Neutral',
]);
export const WrapUpCodeMappingBody = z.strictObject({
  ...readOnly,
  name: z.string().optional(),
  defaultSet: z.array(flag),
  mapping: z.record(z.string(), z.array(flag)),
});
