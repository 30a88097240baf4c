import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeCall } from '../../lib/domain/genesys-setup/change.ts';
import { setUp } from '../../lib/domain/genesys-setup/set-up.ts';
import {
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
async function applied(): Promise<void> {
  await setUp(fixture.organization, SETUP, () => {});
}
const caught = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => error,
  );

describe('genesys setup, broken off', () => {
  it('after each call goes on where it was', async () => {
    const plan = { ...PLAN, dncLists: [], campaigns: PLAN.campaigns.slice(0, 1) };
    const setup = { ...SETUP, plan };
    await setUp(fixture.organization, setup, () => {});
    const whole = changing().length;
    const outcome = summary();
    for (let at = 0; at < whole; at += 1) {
      await fixture.fake.close();
      fixture = await startOrganization();
      let left = at;
      const broken = {
        read: fixture.organization.read.bind(fixture.organization),
        apply: async (call: Parameters<typeof fixture.organization.apply>[0]) => {
          if (left-- === 0) throw new Error('the power went');
          await fixture.organization.apply(call);
        },
      };
      expect(await caught(setUp(broken, setup, () => {}))).toMatchObject({ message: 'the power went' });
      await setUp(fixture.organization, setup, () => {});
      expect(summary()).toEqual(outcome);
      expect(changing()).toHaveLength(whole);
    }
  });

  it.each(['POST', 'PUT', 'PATCH'])(
    'by a connection cut after a %s was carried out, makes nothing twice',
    async (method) => {
      fixture.fake.fail({ method, kind: 'NO_ANSWER', acted: true });
      await applied();
      const outcome = summary();
      await fixture.fake.close();
      fixture = await startOrganization();
      await applied();
      expect(outcome).toEqual(summary());
    },
  );

  it('reads again where somebody has changed the same, and gives up the third time', async () => {
    const conflict = { method: 'PUT', path: /campaigns/, kind: 'STATUS', status: 409 } as const;
    fixture.fake.fail(conflict, conflict);
    await applied();
    for (const campaign of fixture.world.campaigns) Object.assign(campaign, { dncLists: [] });
    fixture.fake.fail(...Array.from({ length: 9 }, () => conflict));
    expect(await caught(applied())).toMatchObject({ code: 'GENESYS_CONFLICT' });
  });

  it("loses nobody else's change", async () => {
    await applied();
    const [sale] = fixture.world.campaigns;
    Object.assign(sale ?? {}, { dncLists: [] });
    const racing = {
      read: async (prefix: string) => {
        const found = await fixture.organization.read(prefix);
        const [campaign] = fixture.world.campaigns;
        if (campaign?.name === 'Spring sale')
          Object.assign(campaign, { name: 'Summer sale', version: campaign.version + 1 });
        return found;
      },
      apply: fixture.organization.apply.bind(fixture.organization),
    };
    const plan = {
      ...PLAN,
      campaigns: PLAN.campaigns.map((one, at) => (at === 0 ? { ...one, campaign: ID.sales } : one)),
    };
    await setUp(racing, { ...SETUP, plan }, () => {});
    expect(fixture.world.campaigns[0]).toMatchObject({ name: 'Summer sale', dncLists: [{ id: ID.dnc }] });
  });

  it('says which campaign cannot be changed while it runs', async () => {
    fixture.world.runningCampaigns.add(ID.sales);
    expect(await caught(applied())).toMatchObject({
      code: 'GENESYS_CONFLICT',
      message: expect.stringMatching(
        /^campaign Spring sale: .*409 came \(invalid\.update\.campaign\.active\)/,
      ),
    });
  });
});

describe('genesys setup refuses', () => {
  it.each<[string, Partial<typeof PLAN>, RegExp]>([
    ['a campaign that is none', { exempt: [{ campaign: 'Nobody', reason: 'x' }] }, /no campaign Nobody/],
    [
      'a campaign of a channel that no check knows',
      { campaigns: [{ campaign: 'Chat', use: 'service', dncLists: ['Do not call'] }] },
      /Chat is none of calls, texts or e-mails/,
    ],
    ['a wrap-up code that is none', { optOutWrapUpCodes: ['DNC'] }, /no wrap-up code DNC/],
    ['a list that is none', { dncLists: [] }, /no do-not-contact list Do not text/],
  ])('%s, and changes nothing', async (_what, change, said) => {
    const [texts] = fixture.world.messagingCampaigns;
    if (texts === undefined) throw new Error('expected a campaign of texts');
    const { smsConfig: _texts, ...chat } = texts;
    const whatsAppConfig = { whatsAppColumns: ['Mobile'], whatsAppIntegration: {}, contentTemplate: {} };
    fixture.world.messagingCampaigns.push({ ...chat, id: 'chat', name: 'Chat', whatsAppConfig });
    const plan = { ...PLAN, ...change };
    const error = await caught(setUp(fixture.organization, { ...SETUP, plan }, () => {}));
    expect(error).toMatchObject({ code: 'PLAN_UNCLEAR', message: expect.stringMatching(said) });
    expect(changing()).toEqual([]);
  });

  it('a campaign whose contact list it cannot see, or has no column of numbers', async () => {
    const [leads] = fixture.world.contactLists;
    fixture.world.contactLists = leads === undefined ? [] : [{ ...leads, phoneColumns: [] }];
    const plan = { ...PLAN, contactLists: [] };
    const error = await caught(setUp(fixture.organization, { ...SETUP, plan }, () => {}));
    expect(String(error)).toMatch(/Spring sale: expected 1 to 10 columns/);
    expect(String(error)).toMatch(/contact list of the campaign Reminders cannot be seen/);
  });

  it('two wrap-up codes of one name', async () => {
    fixture.world.wrapUpCodes.push({ id: 'other', name: 'Do Not Call' });
    expect(await caught(applied())).toMatchObject({
      message: expect.stringMatching(/2 of .*Do Not Call: give its id/),
    });
  });

  it('to change what a published data action takes', async () => {
    await applied();
    const [action] = fixture.world.actions;
    Object.assign(action?.contract.input.inputSchema ?? {}, { properties: {} });
    expect(await caught(applied())).toMatchObject({
      message: expect.stringMatching(/VOICE has another contract/),
    });
  });

  it('an organisation of which it could not see a part, and names each', async () => {
    fixture.fake.fail(
      { method: 'GET', path: /digitalrulesets/, kind: 'STATUS', status: 403 },
      { method: 'GET', path: /wrapupcodes/, kind: 'STATUS', status: 403 },
    );
    const error = await caught(applied());
    expect(error).toMatchObject({ code: 'GENESYS_UNSEEN' });
    expect(String(error)).toMatch(/digital rule sets: .*403[\s\S]*wrap-up codes: .*403/);
    expect(changing()).toEqual([]);
  });

  it('to go on where what was made has another name', async () => {
    const { world } = fixture;
    Object.assign(world.credentials, {
      push: (one: { name: string }) =>
        Array.prototype.push.call(world.credentials, Object.assign(one, { name: 'x' })),
    });
    expect(await caught(applied())).toMatchObject({
      code: 'GENESYS_UNREADABLE',
      message: expect.stringMatching(/credentials.* to be called Dialguard role/),
    });
  });

  it('to go on where a change does not hold', async () => {
    const apply = async (call: ChangeCall) => {
      if (call.of !== 'campaigns') await fixture.organization.apply(call);
    };
    const read = fixture.organization.read.bind(fixture.organization);
    const error = await caught(setUp({ read, apply }, SETUP, () => {}));
    expect(error).toMatchObject({
      code: 'SETUP_WITHOUT_EFFECT',
      message: expect.stringMatching(/still asked for: campaign Spring sale/),
    });
  });

  it('a listing whose pages do not add up', async () => {
    const { fake, world } = fixture;
    const all = world.wrapUpCodes;
    // One is gone while the second page is read, again and again.
    Object.defineProperty(world, 'wrapUpCodes', {
      get: () => (fake.calls.at(-1)?.query.get('pageNumber') === '1' ? all : all.slice(1)),
    });
    expect(await caught(applied())).toMatchObject({
      message: expect.stringMatching(/wrap-up codes: .*add up/),
    });
  });
});

/** What there is, without ids. */
function summary() {
  const {
    campaigns,
    messagingCampaigns,
    ruleSets,
    digitalRuleSets,
    integrations,
    credentials,
    actions,
    dncLists,
  } = fixture.world;
  const names = (all: readonly { name?: string }[]) => all.map(({ name }) => name);
  return {
    attached: [...campaigns, ...messagingCampaigns].map((one) => [
      one.ruleSets?.length,
      one.dncLists?.length,
    ]),
    names: [ruleSets, digitalRuleSets, credentials, actions, dncLists].map((all) => names(all)),
    integrations: integrations.map(({ name, intendedState }) => [name, intendedState]),
  };
}
