import { createGenesysApi } from '../../../lib/adapters/genesys/cloud-api.ts';
import { HttpGenesysOrganization } from '../../../lib/adapters/genesys/organization.ts';
import type { Organization } from '../../../lib/domain/genesys-setup/organization.ts';
import { Plan } from '../../../lib/domain/genesys-setup/plan.ts';
import { setUp } from '../../../lib/domain/genesys-setup/set-up.ts';
import type { Deployment } from '../../../lib/domain/genesys-setup/wanted.ts';
import { createOutboundOrganization } from './outbound-organization.ts';
import { ID, newOrganization, type OutboundWorld } from './outbound-world.ts';
import { CLIENT, type FakeServer, startFakeServer } from './server.ts';

export const DEPLOYMENT: Deployment = {
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:dialguard-prod-us-check-consent',
  roleArn: 'arn:aws:iam::123456789012:role/dialguard-prod-us-data-action',
};

/** A plan for the organisation of newOrganization, as a file would have it. */
export const PLAN_FILE = {
  dataAction: DEPLOYMENT,
  eventBridge: {
    awsAccountId: '123456789012',
    awsAccountRegion: 'us-east-1',
    eventSourceSuffix: 'dialguard-prod-us',
  },
  optOutWrapUpCodes: ['Do Not Call', ID.doNotEmail],
  uses: {
    'us-sales': { purpose: 'MARKETING', seller: 'acme', technology: 'LIVE', defaultRegion: 'US' },
    service: { purpose: 'SERVICE' },
    notice: { purpose: 'BREACH_NOTICE' },
  },
  contactLists: [
    { contactList: 'Leads', columns: { Zip: 'postalCode' } },
    { contactList: 'Customers', columns: { State: 'calledPartyRegion' } },
  ],
  dncLists: [{ name: 'Do not text', contactMethod: 'Phone' }],
  campaigns: [
    { campaign: 'Spring sale', use: 'us-sales', dncLists: ['Do not call'] },
    { campaign: ID.preview, use: 'us-sales', dncLists: [ID.dnc] },
    { campaign: 'Reminders', use: 'service', dncLists: ['Do not text'] },
    { campaign: 'News', use: 'us-sales', dncLists: ['Do not mail'] },
    { campaign: 'Notices', use: 'notice' },
  ],
  exempt: [{ campaign: 'Line test', reason: 'dials our own lines' }],
};
export const PLAN = Plan.parse(PLAN_FILE);
export const SETUP = { plan: PLAN, deployment: DEPLOYMENT, settle: async () => {} };
/** What cdk.json is to say for this organisation. */
export const OPT_OUT_CODES: readonly string[] = [ID.doNotCall, ID.doNotEmail];

export type OrganizationFixture = {
  readonly world: OutboundWorld;
  readonly fake: FakeServer;
  readonly organization: HttpGenesysOrganization;
};

/** A fake of the platform with an organisation on it, and what reads and changes it. */
export async function startOrganization(world = newOrganization()): Promise<OrganizationFixture> {
  const fake = await startFakeServer(createOutboundOrganization(world));
  const api = createGenesysApi({
    apiUrl: fake.url,
    loginUrl: fake.url,
    credentials: async () => CLIENT,
    rate: { burst: 10_000, perSecond: 10_000 },
    now: Date.now,
    wait: async () => {},
    random: () => 0,
    timeoutMs: 5000,
  });
  return { world, fake, organization: new HttpGenesysOrganization(api) };
}

/** An organisation that setup has made as the plan asks, as it is read. */
export async function goodOrganization(): Promise<Organization> {
  const { fake, organization } = await startOrganization();
  try {
    return (await setUp(organization, SETUP, () => {})).found;
  } finally {
    await fake.close();
  }
}
