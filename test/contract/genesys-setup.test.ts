import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planSetup, setUp } from '../../lib/domain/genesys-setup/set-up.ts';
import {
  DEPLOYMENT,
  OPT_OUT_CODES,
  type OrganizationFixture,
  PLAN,
  SETUP,
  startOrganization,
} from '../support/genesys-cloud/organization-fixture.ts';
import { ID } from '../support/genesys-cloud/outbound-world.ts';

let fixture: OrganizationFixture;
beforeEach(async () => {
  fixture = await startOrganization();
});
afterEach(async () => {
  expect(fixture.fake.violations).toEqual([]);
  await fixture.fake.close();
});

const changing = () => fixture.fake.calls.filter(({ method }) => method !== 'GET');
async function applied(): Promise<string[]> {
  const said: string[] = [];
  await setUp(fixture.organization, SETUP, ({ says }) => void said.push(says));
  return said;
}
describe('genesys setup', () => {
  it('says every change beforehand and makes none', async () => {
    const before = structuredClone(fixture.world);
    const { changes } = await planSetup(fixture.organization, PLAN, DEPLOYMENT);
    expect(fixture.world).toEqual(before);
    expect(changing()).toEqual([]);
    expect((await applied()).toSorted()).toEqual(changes.map(({ says }) => says).toSorted());
  });

  it('run twice changes nothing the second time', async () => {
    expect((await applied()).length).toBeGreaterThan(15);
    const made = changing().length;
    const after = structuredClone(fixture.world);
    expect(await applied()).toEqual([]);
    expect(changing()).toHaveLength(made);
    expect(fixture.world).toEqual(after);
  });

  it('asks the Lambda through a data action for each use and channel', async () => {
    await applied();
    const { world } = fixture;
    expect(world.integrations.map(({ name, intendedState }) => [name, intendedState])).toEqual([
      ['Dialguard', 'ENABLED'],
      ['Dialguard events', 'ENABLED'],
    ]);
    expect(world.actions.map(({ name }) => name)).toEqual([
      'Dialguard us-sales VOICE',
      'Dialguard service SMS',
      'Dialguard us-sales EMAIL',
      'Dialguard notice EMAIL',
    ]);
    const [calls] = world.actions;
    expect(calls?.config).toMatchObject({
      timeoutSeconds: 3,
      request: { requestUrlTemplate: DEPLOYMENT.functionArn, requestType: 'POST' },
      response: { successTemplate: `\${rawResult}` },
    });
    expect(calls?.config.request.requestTemplate).toMatch(
      /^\{"channel":"VOICE","purpose":"MARKETING","seller":"acme","technology":"LIVE","defaultRegion":"US",/,
    );
  });

  it('puts a rule set first on each planned campaign that lets none through but ALLOW', async () => {
    await applied();
    const [sale, , test] = fixture.world.campaigns;
    const ours = fixture.world.ruleSets.find(({ id }) => id === sale?.ruleSets?.[0]?.id);
    expect(sale?.ruleSets?.map(({ id }) => id)).toEqual([ours?.id, ID.otherRules]);
    expect(ours?.rules).toMatchObject([
      {
        category: 'DIALER_PRECALL',
        conditions: [
          {
            type: 'dataActionCondition',
            inverted: false,
            dataNotFoundResolution: true,
            contactIdField: 'contactId',
            predicates: [
              {
                outputField: 'decision',
                outputOperator: 'EQUALS',
                comparisonValue: 'ALLOW',
                inverted: true,
                outputFieldMissingResolution: true,
              },
            ],
            contactColumnToDataActionFieldMappings: [
              { contactColumnName: 'Cell', dataActionField: 'phoneNumber' },
              { contactColumnName: 'Home', dataActionField: 'phoneNumber2' },
              { contactColumnName: 'Zip', dataActionField: 'postalCode' },
            ],
          },
        ],
        actions: [{ type: 'Action', actionTypeName: 'DO_NOT_DIAL' }],
      },
    ]);
    expect(test?.ruleSets?.map(({ id }) => id)).toEqual([ID.otherRules]);
    const news = fixture.world.messagingCampaigns.find(({ id }) => id === ID.letters);
    const gate = fixture.world.digitalRuleSets.find(({ id }) => id === news?.ruleSets?.[0]?.id);
    expect(gate?.rules.map(({ category, actions }) => [category, actions])).toEqual([
      ['PreContact', [{ doNotSendActionSettings: {} }]],
      ['PreContact', [{ doNotSendActionSettings: {} }]],
    ]);
  });

  it('keeps whatever else a campaign says', async () => {
    for (const campaign of fixture.world.campaigns)
      Object.assign(campaign, { dncLists: [{ id: ID.dncEmail }] });
    const [before] = structuredClone(fixture.world.campaigns);
    await applied();
    const [{ ruleSets: _ruleSets, dncLists, version, ...after } = { version: 0 }] = fixture.world.campaigns;
    expect(before).toMatchObject(after);
    expect([version, dncLists]).toEqual([4, [{ id: ID.dncEmail }, { id: ID.dnc }]]);
    expect(Object.keys(after)).toEqual(
      expect.arrayContaining(['queue', 'script', 'maxCallsPerAgentDecimal']),
    );
  });

  it('makes the lists that the plan names, and marks opt-out codes, leaving others as they are', async () => {
    await applied();
    const { dncLists, messagingCampaigns, wrapUpCodeMapping } = fixture.world;
    const made = dncLists.find(({ name }) => name === 'Do not text');
    expect(messagingCampaigns[0]?.dncLists).toEqual([{ id: made?.id }]);
    expect(wrapUpCodeMapping).toMatchObject({
      defaultSet: ['Right_Party_Contact'],
      mapping: {
        [ID.doNotCall]: ['Contact_UnCallable'],
        [ID.doNotEmail]: ['Right_Party_Contact', 'Number_UnCallable'],
      },
    });
  });

  it('sends the topics that can be, and none that others asked for is lost', async () => {
    await applied();
    const source = fixture.world.integrations.find(({ name }) => name === 'Dialguard events');
    const offered = [
      'v2.detail.events.conversation.{id}.acw',
      'v2.detail.events.conversation.{id}.wrapup',
      'v2.outbound.voice.campaigns.contact.postContact',
    ];
    expect(source?.config.properties).toEqual({ ...PLAN.eventBridge, eventFilter: offered });
    Object.assign(source?.config.properties ?? {}, {
      eventFilter: ['v2.users.{id}.presence', ...offered.slice(1)],
    });
    expect(await applied()).toEqual([expect.stringContaining('conversation.{id}.acw')]);
    expect(source?.config.properties).toMatchObject({
      eventFilter: ['v2.users.{id}.presence', ...offered.slice(1), offered[0]],
    });
  });

  it('sees how full the lists are', async () => {
    const { found } = await planSetup(fixture.organization, PLAN, DEPLOYMENT);
    expect(found.dncLists.map(({ size }) => size)).toEqual([12, 0]);
  });

  it('resolves wrap-up codes from names to ids', async () => {
    const { wanted } = await planSetup(fixture.organization, PLAN, DEPLOYMENT);
    expect(wanted.wrapUpCodes.map(({ id }) => id)).toEqual(OPT_OUT_CODES);
  });

  it('keeps the rules of others in its rule set, behind its own', async () => {
    await applied();
    const [, ours] = fixture.world.ruleSets;
    const theirs = {
      name: 'No 555',
      order: 0,
      category: 'DIALER_PRECALL',
      conditions: [{ type: 'phoneNumberCondition', operator: 'BEGINS_WITH', value: '555' }],
      actions: [{ type: 'Action', actionTypeName: 'DO_NOT_DIAL', properties: {} }],
    };
    const [own] = ours?.rules ?? [];
    ours?.rules.splice(0, 1, theirs, ...(own === undefined ? [] : [{ ...own, order: 1 }]));
    expect(await applied()).toHaveLength(1);
    expect(fixture.world.ruleSets[1]?.rules.map(({ name, order }) => [name, order])).toEqual([
      ['Block unless ALLOW', 0],
      ['No 555', 1],
    ]);
  });

  it('sets a data action right that somebody changed', async () => {
    await applied();
    const [action] = fixture.world.actions;
    const wanted = structuredClone(action?.config);
    Object.assign(action?.config ?? {}, { timeoutSeconds: 60 });
    Object.assign(action?.config.request ?? {}, { requestTemplate: `\${input.rawRequest}` });
    expect(await applied()).toEqual(['change the data action Dialguard us-sales VOICE: request, timeout']);
    expect(fixture.world.actions[0]?.config).toEqual(wanted);
  });

  it('takes up an integration of its name that somebody began', async () => {
    const name = 'Dialguard';
    fixture.world.integrations.push({
      id: 'begun',
      name,
      integrationType: { id: 'aws-lambda-data-actions' },
      intendedState: 'DISABLED',
      reportedState: { code: 'INACTIVE' },
      config: { name, version: 1, notes: 'ours', properties: {}, advanced: {}, credentials: {} },
    });
    await applied();
    expect(fixture.world.integrations).toHaveLength(2);
    expect(fixture.world.integrations[0]).toMatchObject({
      intendedState: 'ENABLED',
      config: { notes: 'ours', credentials: { AmazonWebServicesARN: {} } },
    });
  });

  it('switches its integrations on again, and lets them act as another role', async () => {
    await applied();
    for (const integration of fixture.world.integrations)
      Object.assign(integration, { intendedState: 'DISABLED' });
    expect(await applied()).toHaveLength(2);
    const roleArn = `${DEPLOYMENT.roleArn}-2`;
    const said: string[] = [];
    const setup = { ...SETUP, deployment: { ...DEPLOYMENT, roleArn } };
    await setUp(fixture.organization, setup, ({ says }) => void said.push(says));
    expect(said).toEqual([
      `make a credential for the role ${roleArn}`,
      `let the integration Dialguard act as the role ${roleArn}`,
    ]);
  });

  it('takes its older rule set off a campaign whose columns were changed', async () => {
    await applied();
    const [reminders] = fixture.world.messagingCampaigns;
    const older = reminders?.ruleSets?.[0]?.id;
    Object.assign(reminders?.smsConfig ?? {}, { phoneColumn: 'Work mobile' });
    await applied();
    const now = fixture.world.messagingCampaigns[0]?.ruleSets?.map(({ id }) => id);
    expect(now).toHaveLength(1);
    expect(now).not.toContain(older);
  });
});
