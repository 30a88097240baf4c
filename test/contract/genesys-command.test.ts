import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsInForce } from '../../bin/policy-file.ts';
import {
  type OrganizationFixture,
  PLAN_FILE,
  startOrganization,
} from '../support/genesys-cloud/organization-fixture.ts';
import { newOrganization } from '../support/genesys-cloud/outbound-world.ts';
import { CLIENT } from '../support/genesys-cloud/server.ts';
import { type Ran, runCommand } from '../system/run-command.ts';

const CREDENTIALS = {
  DIALGUARD_GENESYS_CLIENT_ID: CLIENT.clientId,
  DIALGUARD_GENESYS_CLIENT_SECRET: CLIENT.clientSecret,
};
const settings = settingsInForce('dev', 'US');
const [optOutCode = ''] = settings.optOutWrapUpCodes;
/** Lists of the organisation that the deployment of cdk.json tells of opt-outs. */
const toldLists = Object.values(settings.diallers).flatMap((dialler) =>
  dialler.kind === 'genesys-cloud' ? dialler.lists.flatMap(({ ids }) => ids) : [],
);

let fixture: OrganizationFixture;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dialguard-genesys-'));
  const world = newOrganization();
  world.organizationId = settings.genesysOrganizationId ?? '';
  world.wrapUpCodes.push({ id: optOutCode, name: 'Opt-out' });
  for (const id of toldLists)
    world.dncLists.push({ id, version: 1, name: `List ${id}`, dncSourceType: 'rds' });
  fixture = await startOrganization(world);
  const campaigns = PLAN_FILE.campaigns.map(({ dncLists = [], ...one }) => {
    return { ...one, dncLists: [...dncLists, ...toldLists] };
  });
  write({ optOutWrapUpCodes: ['Opt-out'], campaigns });
});
afterEach(async () => {
  expect(fixture.fake.violations).toEqual([]);
  await fixture.fake.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(change: object): void {
  writeFileSync(join(folder, 'genesys.json'), JSON.stringify({ ...PLAN_FILE, ...change }));
}

async function genesys(command: string, ...args: readonly string[]): Promise<Ran> {
  const common = ['--plan', 'genesys.json', '--genesys-url', fixture.fake.url];
  return await runCommand(['genesys', command, ...common, ...args], folder, CREDENTIALS);
}

describe('dialguard genesys', () => {
  it('sets an organisation up, after which the doctor finds nothing', async () => {
    const dry = await genesys('setup', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^To be changed:\n {2}make/),
    });
    expect(fixture.fake.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
    const sick = await genesys('doctor');
    expect(sick).toMatchObject({ code: 1, stderr: '' });
    expect(sick.stdout).toMatch(/LETS_THROUGH {2}VOICE_CAMPAIGN_WITHOUT_RULE_SET {2}campaign Spring sale\n/);
    const applied = await genesys('setup', '--apply');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toContain(`"optOutWrapUpCodes": ["${optOutCode}"]`);
    expect(applied.stdout).toMatch(/the list Do not text is [0-9a-f-]{36}/);
    const healthy = await genesys('doctor');
    expect(healthy).toMatchObject({ code: 0, stderr: '' });
    expect(healthy.stdout).toBe('Nothing was found.\nLeft alone: Line test (dials our own lines)\n');
    const again = await genesys('setup', '--apply');
    expect(again.stdout).toMatch(/^Nothing was to be changed\./);
    expect(
      fixture.fake.calls.filter(({ path }) => /contacts|phonenumbers|emailaddresses/.test(path)),
    ).toEqual([]);
  });

  it('speaks JSON', async () => {
    const dry = await runCommand(
      [
        '--json',
        'genesys',
        'setup',
        '--plan',
        'genesys.json',
        '--genesys-url',
        fixture.fake.url,
        '--dry-run',
      ],
      folder,
      CREDENTIALS,
    );
    expect(JSON.parse(dry.stdout)).toMatchObject({
      changes: expect.any(Array),
      optOutWrapUpCodes: [optOutCode],
    });
    const sick = await genesys('doctor', '--json');
    expect(JSON.parse(sick.stdout)).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'CAMPAIGN_WITHOUT_DNC_LIST', severity: 'LETS_THROUGH' }),
      ]),
      exempt: [{ campaign: 'Line test', reason: 'dials our own lines' }],
    });
  });

  it('exports what setup makes', async () => {
    const ran = await genesys('export', '--cx-as-code', 'dialguard.tf.json');
    expect(ran).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Mind: digital rule set/),
    });
    const written = readFileSync(join(folder, 'dialguard.tf.json'), 'utf8');
    expect(Object.keys(JSON.parse(written).resource)).toContain('genesyscloud_outbound_ruleset');
    expect((await genesys('export', '--cx-as-code', '-')).stdout).toBe(written);
    expect(fixture.fake.calls.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('says nothing of an organisation that it could not see whole', async () => {
    fixture.fake.fail({ method: 'GET', path: /rulesets/, kind: 'STATUS', status: 403 });
    const ran = await genesys('doctor');
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/rule sets: .*403/) });
  });

  it('works on no other organisation than that of cdk.json', async () => {
    fixture.world.organizationId = '12345678-0000-4000-8000-000000000000';
    expect(await genesys('doctor')).toMatchObject({ code: 2, stderr: expect.stringContaining('12345678-') });
    expect(await genesys('setup', '--apply')).toMatchObject({ code: 1, stdout: '' });
    expect(fixture.fake.calls.every(({ method }) => method === 'GET')).toBe(true);
  });

  it.each<[readonly string[], RegExp]>([
    [['setup'], /--apply: say either --dry-run or --apply/],
    [['setup', '--dry-run', '--apply'], /say either/],
    [['setup', '--dry-run', '--plan', 'none.json'], /no plan none\.json/],
    [
      ['setup', '--dry-run', '--genesys-region', 'example.com'],
      /--genesys-region: expected one of mypurecloud/,
    ],
    [['setup', '--dry-run', '--genesys-url', 'http://example.com'], /address of this machine/],
    [['export'], /--cx-as-code/],
  ])('%j is refused', async ([command = '', ...args], said) => {
    const ran = await genesys(command, ...args);
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(said) });
    expect(fixture.fake.calls).toEqual([]);
  });

  it('needs credentials, and a plan that is one', async () => {
    const args = [
      'genesys',
      'setup',
      '--dry-run',
      '--plan',
      'genesys.json',
      '--genesys-url',
      fixture.fake.url,
    ];
    const without = await runCommand(args, folder);
    expect(without).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('DIALGUARD_GENESYS_CLIENT_ID'),
    });
    write({ uses: {} });
    const ran = await genesys('setup', '--dry-run');
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/is no plan:\n.*there is no use us-sales/),
    });
    write({ dataAction: {} });
    expect((await genesys('setup', '--dry-run')).stderr).toMatch(/Give --stage, or functionArn and roleArn/);
    expect(existsSync(join(folder, 'dialguard.tf.json'))).toBe(false);
  });
});
