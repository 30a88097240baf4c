import * as z from 'zod';
import { Audience, Product, Purpose, Seller, Technology } from '../vocabulary.ts';

const text = z.string().min(1).max(256);
/** The name of something in the organisation, or its id. */
const nameOrId = text;
const useName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,23}$/, 'expected up to 24 of a-z 0-9 -, such as us-sales');

/** What the contacts of a campaign are for: what a check is told beside the number. */
const Use = z.strictObject({
  purpose: Purpose,
  seller: Seller.optional(),
  technology: Technology.optional(),
  audience: Audience.optional(),
  product: Product.optional(),
  softOptIn: z.boolean().optional(),
  defaultRegion: z
    .string()
    .regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 country, such as US')
    .optional(),
});
export type Use = z.infer<typeof Use>;

/** What a check can be told of a contact beside numbers and addresses. */
export const ColumnInput = z.enum(['postalCode', 'calledPartyRegion']);

const PlannedCampaign = z.strictObject({
  campaign: nameOrId,
  use: useName,
  dncLists: z.array(nameOrId).default([]),
});

/** A time-out of a data action, seconds: a check answers within one, and a dial waits for it. */
export const MOST_SECONDS = 10;

/** What `dialguard genesys` cannot know by itself: which campaigns there are, and what they are for. */
export const Plan = z
  .strictObject({
    /** What the name of everything that is made begins with. */
    prefix: z
      .string()
      .regex(/^[A-Za-z][\w.-]{0,15}$/, 'expected up to 16 letters, digits, . _ -')
      .default('Dialguard'),
    dataAction: z
      .strictObject({
        functionArn: z
          .string()
          .regex(/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+$/, 'expected the ARN of a Lambda')
          .optional(),
        roleArn: z
          .string()
          .regex(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'expected the ARN of a role')
          .optional(),
        timeoutSeconds: z.number().int().min(1).max(MOST_SECONDS).default(3),
      })
      .prefault({}),
    /** Left out, the source of the events is somebody else's affair. */
    eventBridge: z
      .strictObject({
        awsAccountId: z.string().regex(/^\d{12}$/, 'expected 12 digits'),
        awsAccountRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected an AWS region'),
        eventSourceSuffix: z.string().regex(/^[\w.-]{1,64}$/, 'expected up to 64 of A-Z a-z 0-9 . _ -'),
      })
      .optional(),
    /** By name: setup finds their ids. */
    optOutWrapUpCodes: z.array(text).min(1),
    uses: z.record(useName, Use),
    /** Which columns of a list a check is told beside numbers and addresses. */
    contactLists: z
      .array(z.strictObject({ contactList: nameOrId, columns: z.record(text, ColumnInput) }))
      .default([]),
    /** Lists of Genesys's own kind, made where there are none of these names. */
    dncLists: z
      .array(z.strictObject({ name: text.max(64), contactMethod: z.enum(['Phone', 'Email', 'Any']) }))
      .default([]),
    campaigns: z.array(PlannedCampaign),
    /** Campaigns that are left as they are, and why. */
    exempt: z.array(z.strictObject({ campaign: nameOrId, reason: text })).default([]),
  })
  .superRefine(({ campaigns, uses, exempt }, context) => {
    const said = new Set<string>();
    for (const { campaign } of [...campaigns, ...exempt]) {
      if (said.has(campaign)) context.addIssue(`the campaign ${campaign} is named twice`);
      said.add(campaign);
    }
    for (const { campaign, use, dncLists } of campaigns) {
      const purpose = uses[use]?.purpose;
      if (purpose === undefined) context.addIssue(`the campaign ${campaign}: there is no use ${use}`);
      // A notice that the law demands goes to those who opted out of marketing too.
      else if (dncLists.length === 0 && purpose !== 'BREACH_NOTICE')
        context.addIssue(`the campaign ${campaign}: expected at least one do-not-contact list`);
    }
  });
export type Plan = z.infer<typeof Plan>;
