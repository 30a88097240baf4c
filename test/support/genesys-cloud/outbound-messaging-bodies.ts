import * as z from 'zod';

// What the platform takes, and nothing more: a field that it does not know is a mistake of ours.
const Ref = z.strictObject({ id: z.string().min(1) });
const E164 = z.string().regex(/^\+[1-9]\d{6,14}$/);

export const ContactListBody = z
  .strictObject({
    name: z.string().min(1).max(128),
    columnNames: z.array(z.string()).min(1).max(50),
    phoneColumns: z.array(z.strictObject({ columnName: z.string(), type: z.string() })).optional(),
    emailColumns: z.array(z.strictObject({ columnName: z.string(), type: z.string() })).optional(),
  })
  .refine(({ columnNames, phoneColumns = [], emailColumns = [] }) =>
    [...phoneColumns, ...emailColumns].every(({ columnName }) => columnNames.includes(columnName)),
  );
export type ContactListBody = z.infer<typeof ContactListBody>;

export const ContactBodies = z
  .array(
    z.strictObject({
      // "cannot contain special characters" (invalid.contact.id)
      id: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
      contactListId: z.string(),
      data: z.record(z.string(), z.string()),
      callable: z.boolean(),
    }),
  )
  .min(1)
  .max(1000);

export const ResponseBody = z.strictObject({
  name: z.string().min(1),
  libraries: z.array(Ref).length(1),
  responseType: z.literal('CampaignEmailTemplate'),
  texts: z.tuple([
    z.strictObject({
      type: z.literal('subject'),
      contentType: z.literal('text/plain'),
      content: z.string().min(1),
    }),
    z.strictObject({
      type: z.literal('body'),
      contentType: z.literal('text/plain'),
      content: z.string().min(1),
    }),
  ]),
});

const Campaign = {
  name: z.string().min(1).max(128),
  contactList: Ref,
  alwaysRunning: z.literal(true),
  dncLists: z.array(Ref),
};
export const MessagingCampaignBody = z.union([
  z.strictObject({
    ...Campaign,
    messagesPerMinute: z.number().int().positive(),
    smsConfig: z.strictObject({
      messageColumn: z.string(),
      phoneColumn: z.string(),
      senderSmsPhoneNumber: z.strictObject({ phoneNumber: E164 }),
    }),
  }),
  z.strictObject({
    ...Campaign,
    messagesPerMinute: z.number().int().positive(),
    emailConfig: z.strictObject({
      emailColumns: z.array(z.string()).length(1),
      contentTemplate: Ref,
      fromAddress: z.strictObject({ domain: Ref, friendlyName: z.string(), localPart: z.string().min(1) }),
      replyToAddress: z.strictObject({ domain: Ref, route: Ref }).optional(),
    }),
  }),
]);
export type MessagingCampaignBody = z.infer<typeof MessagingCampaignBody>;

export const VoiceCampaignBody = z.strictObject({
  ...Campaign,
  // Any other mode needs an agent for each call.
  dialingMode: z.literal('agentless'),
  phoneColumns: z.array(z.strictObject({ columnName: z.string(), type: z.string() })).length(1),
  callerName: z.string().min(1),
  callerAddress: E164,
  callAnalysisResponseSet: Ref,
  site: Ref,
});

export const AgentlessMessage = z.strictObject({
  fromAddress: E164,
  toAddress: E164,
  toAddressMessengerType: z.literal('sms'),
  textBody: z.string().min(1).max(765),
  useExistingActiveConversation: z.literal(false),
});

export const AgentlessEmail = z.strictObject({
  senderType: z.literal('Outbound'),
  fromAddress: z.strictObject({ email: z.email(), name: z.string() }),
  toAddresses: z.tuple([z.strictObject({ email: z.email() })]),
  subject: z.string().min(1),
  textBody: z.string().min(1),
});
