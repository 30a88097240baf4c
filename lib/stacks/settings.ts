import * as z from 'zod';
import { Dialler } from '../domain/dialler/dialler.ts';
import { type Deployment, type Residency, residencies, stages } from './deployments.ts';
import { genesysDomains, mayAsk } from './genesys-regions.ts';
import { IncidentSettings } from './incident-settings.ts';

const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'expected a UUID');
const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'expected a number in E.164, such as +13175550100');
const accountId = z.string().regex(/^\d{12}$/, 'expected an AWS account id of 12 digits');

const iamPath = z
  .string()
  .regex(/^[\w+=,.@-]+(\/[\w+=,.@-]+)*\/$/, 'expected an IAM path without a leading slash, such as admin/');

// The time zones of the data centres; an operator elsewhere says so.
const timeZones: Readonly<Record<Residency, string>> = { EU: 'Europe/Berlin', US: 'America/New_York' };
const timeZone = z.string().refine(isTimeZone, 'expected an IANA time zone, such as Europe/Berlin');

const areaCode = z.string().regex(/^[2-9]\d\d$/, 'expected an area code, such as 212');
const daily = z.number().int().min(1).max(365);
const elementName = z.string().regex(/^[\w.:-]+$/, 'expected the name of an XML element or attribute');

/** A do-not-call registry, of whatever country or purpose: only the rules of the policy say what being on it means. */
const registry = z.strictObject({
  /** What the subscription covers: numbers of other area codes are blocked where a rule asks for coverage. */
  areaCodes: z.union([z.literal('ALL'), z.array(areaCode).min(1)]).default('ALL'),
  subscriptionId: z.string().min(1).optional(),
  /** Where its lists have numbers in national form. */
  national: z
    .strictObject({
      callingCode: z.string().regex(/^[1-9]\d{0,2}$/),
      trunkPrefix: z.string().regex(/^\d{0,2}$/),
    })
    .optional(),
  /** Where its XML names things otherwise than `<ac val="818"><ph val="2596712"/></ac>`. */
  xml: z.strictObject({ areaCode: elementName, number: elementName, attribute: elementName }).optional(),
  /** An older version raises the alarm registry-overdue. Weekly lists, and a few days of grace. */
  overdueDays: daily.default(10),
  /** Where its list is fetched from by itself; a secret holds `username` and `password`, or `token`. */
  source: z
    .strictObject({
      url: z.url({ protocol: /^https$/ }),
      secretArn: z.string().startsWith('arn:').optional(),
      everyDays: daily.default(7),
    })
    .optional(),
});

// Lambda's environment holds 4 KB in all.
const registries = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected kebab-case'), registry)
  .refine(
    (all) => JSON.stringify(all).length <= 3000,
    'expected at most 3,000 characters; "ALL" names every area code',
  );

// An alarm looks at ten metrics at most, and at each dialler's queue.
const mostDiallers = 10;
const diallers = z
  .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected kebab-case of at most 32'), Dialler)
  .refine((all) => Object.keys(all).length <= mostDiallers, `expected at most ${mostDiallers} diallers`)
  .refine((all) => !JSON.stringify(all).includes('"http://'), 'expected addresses that begin with https://')
  .refine(
    (all) => Object.values(all).every((dialler) => JSON.stringify(dialler).length <= 2000),
    'expected at most 2,000 characters for each dialler',
  );

/** What an operator decides for one deployment; read from the context key `dialguard` in cdk.json. */
export const Settings = z.strictObject({
  /** Left out, the stacks are account-agnostic and go to the account of the caller's credentials. */
  account: accountId.optional(),
  /** IAM path of the roles that may schedule a key's deletion, disable it, or replace the pepper. */
  keyAdministratorPath: iamPath.default('admin/'),
  /** IAM path of the users who may, with MFA, become auditors: read and query the log. */
  auditorPath: iamPath.default('auditors/'),
  genesysOrganizationId: uuid.optional(),
  /** The domain of the Genesys Cloud region whose GDPR API is asked about people; left out, none is. */
  genesysRegion: z.enum(genesysDomains, `expected one of ${genesysDomains.join(', ')}`).optional(),
  /** Of the tenant of Genesys Multicloud CX for which files are written; left out, none are. */
  multicloudAccountId: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'expected the account id of the tenant')
    .optional(),
  /** By whose calendar requests of data subjects are due, and files are of today; left out, by residency. */
  operatorTimeZone: timeZone.optional(),
  /** The account that Genesys Cloud calls from; other partitions (FedRAMP) have another. */
  genesysAccount: accountId.default('765628985471'),
  genesysPartnerEventSource: z
    .string()
    .regex(
      /^aws\.partner\/genesys\.com\/cloud\/[0-9a-f-]{36}\/[\w.-]{1,64}$/i,
      'expected aws.partner/genesys.com/cloud/<organisation id>/<suffix>',
    )
    .optional(),
  /** How long before an outbound contact the decision that covers it may lie, seconds. */
  coverageWindowSeconds: z.number().int().min(1).max(3600).default(300),
  optOutWrapUpCodes: z.array(z.string().min(1)).min(1, 'expected at least one wrap-up code id'),
  ownNumbers: z.array(e164).default([]),
  defaultRegion: z
    .string()
    .regex(/^([A-Z]{2})?$/, 'expected an ISO 3166-1 country, such as US, or an empty string')
    .default(''),
  /**
   * The name that the log signs its checkpoints under, at best a URL of yours without its scheme; it stays the same for
   * the log's life. Left out, it is the deployment's name. https://c2sp.org/tlog-checkpoint
   */
  logOrigin: z
    .string()
    .max(100)
    .regex(
      /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9][a-z0-9._-]*)*$/,
      'expected a name such as log.example.com/dialguard, in lower case, without a scheme or a slash at its end',
    )
    .optional(),
  /** Any OpenID Connect issuer instead of the stack's own Cognito user pool. */
  jwt: z
    .strictObject({ issuer: z.url({ protocol: /^https$/ }), audience: z.array(z.string().min(1)).min(1) })
    .optional(),
  /** A JSON policy document, by its path from cdk.json's folder, in place of the policy that ships. */
  policyFile: z.string().min(1).optional(),
  /** The registries whose lists are taken from the registry bucket, by the id that the policy's rules name. */
  registries: registries.default({}),
  /** The diallers that are told whom not to contact, by names of your own. */
  diallers: diallers.default({}),
  /** Personal data breaches: who is told by when, in which words. */
  incidents: IncidentSettings.prefault({}),
  alarmEmail: z.email().optional(),
  legalEmail: z.email().optional(),
});

export type Settings = z.infer<typeof Settings>;

const keys = stages.flatMap((stage) => residencies.map((residency) => `${stage}-${residency.toLowerCase()}`));
const Context = z
  .record(z.string(), z.record(z.string(), z.unknown()))
  .refine((context) => Object.keys(context).every((key) => key === 'common' || keys.includes(key)), {
    error: `expected only the keys common, ${keys.join(', ')}`,
  });

/**
 * The settings of one deployment: `common` overlaid with `<stage>-<residency>` of the `dialguard` context, and with `tried`.
 * Throws with the path and the expectation of every wrong value.
 */
export function settingsFor(
  context: unknown,
  deployment: Deployment,
  tried: Readonly<Record<string, unknown>> = {},
): Settings {
  const key = `${deployment.stage}-${deployment.residency.toLowerCase()}`;
  const sections = Context.safeParse(context);
  if (!sections.success) throw invalid('dialguard', sections.error);
  const settings = Settings.safeParse({ ...sections.data['common'], ...sections.data[key], ...tried });
  if (!settings.success) throw invalid(`dialguard.${key}`, settings.error);
  const { genesysRegion } = settings.data;
  for (const [name, { kind }] of Object.entries(settings.data.diallers)) {
    if (kind === 'genesys-cloud' && genesysRegion === undefined)
      throw new Error(
        `dialguard.${key}.diallers.${name}: expected genesysRegion beside a dialler of Genesys Cloud.`,
      );
  }
  if (genesysRegion === undefined || mayAsk(genesysRegion, deployment.residency)) return settings.data;
  throw new Error(
    `dialguard.${key}.genesysRegion: expected a region in the European Union, got ${genesysRegion}: ` +
      'people of an EU deployment are told to nobody outside the Union.',
  );
}

/** By whose calendar requests of data subjects are due. */
export function operatorTimeZone({ operatorTimeZone: own }: Settings, { residency }: Deployment): string {
  return own ?? timeZones[residency];
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

// Sample ids begin with a zero block, which no identity provider issues.
const sampleId = /^00000000-/;

/** Sentences naming each sample value that must be replaced before this deployment does its duty. */
export function sampleWarnings(settings: Settings): readonly string[] {
  const warnings: string[] = [];
  if (settings.optOutWrapUpCodes.some((code) => sampleId.test(code))) {
    warnings.push('optOutWrapUpCodes holds a sample id: the opt-outs of your organisation would be ignored.');
  }
  if (settings.genesysOrganizationId !== undefined && sampleId.test(settings.genesysOrganizationId)) {
    warnings.push('genesysOrganizationId is a sample: data actions of your organisation would be refused.');
  }
  return warnings;
}

function invalid(path: string, error: z.ZodError): Error {
  const causes = error.issues.map((issue) => `  ${[path, ...issue.path].join('.')}: ${issue.message}`);
  return new Error(`The context "${path}" of cdk.json cannot be used:\n${causes.join('\n')}`);
}
