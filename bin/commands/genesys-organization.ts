import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import * as z from 'zod';
import { createGenesysApi, type GenesysCredentials } from '../../lib/adapters/genesys/cloud-api.ts';
import { HttpGenesysOrganization } from '../../lib/adapters/genesys/organization.ts';
import { Plan } from '../../lib/domain/genesys-setup/plan.ts';
import type { Deployment } from '../../lib/domain/genesys-setup/wanted.ts';
import { parsedJson } from '../../lib/domain/json.ts';
import type { Residency } from '../../lib/stacks/deployments.ts';
import { genesysDomains, genesysUrls } from '../../lib/stacks/genesys-regions.ts';
import type { Settings } from '../../lib/stacks/settings.ts';
import { settingsInForce } from '../policy-file.ts';
import { globalOptions, parseOptions, stageOutputs } from './connection.ts';

/** Genesys Cloud takes 300 calls a minute of one token. */
const RATE = { burst: 20, perSecond: 4 };
const STAND_IN_RATE = { burst: 1000, perSecond: 1000 };
const TIMEOUT_MS = 16_000;

const Options = z.object({
  plan: z.string(),
  genesysRegion: z.enum(genesysDomains, `expected one of ${genesysDomains.join(', ')}`).optional(),
  genesysUrl: z
    .url({
      protocol: /^http$/,
      hostname: /^(127\.0\.0\.1|localhost)$/,
      error: 'expected an address of this machine',
    })
    .optional(),
});

/** The options of every command that works on an organisation. */
export function withPlan(command: Command): Command {
  return command
    .requiredOption('--plan <file>', 'which campaigns there are and what they are for: docs/genesys.md')
    .option('--genesys-region <domain>', 'such as mypurecloud.com; without it that of cdk.json')
    .option('--genesys-url <url>', 'a stand-in for Genesys Cloud on this machine');
}

export type OpenOrganization = {
  readonly organization: HttpGenesysOrganization;
  readonly plan: Plan;
  readonly deployment: Deployment;
  readonly settings: Settings;
};

/**
 * The organisation that the credentials open, with the plan for it.
 *
 * @throws Error naming what is missing or wrong, or that the organisation is another than that of cdk.json.
 */
export async function openOrganization(command: Command): Promise<OpenOrganization> {
  const options = parseOptions(Options, command.opts());
  const { stage, residency } = globalOptions(command);
  const plan = readPlan(options.plan);
  const settings = settingsInForce(stage ?? 'dev', residency);
  const region = options.genesysRegion ?? settings.genesysRegion;
  const { genesysUrl: url } = options;
  if (region === undefined && url === undefined)
    throw new Error('Give --genesys-region, or set genesysRegion in cdk.json.');
  const urls = url === undefined ? genesysUrls(region) : { apiUrl: url, loginUrl: url };
  const client = credentials();
  const api = createGenesysApi({
    apiUrl: urls.apiUrl.replace(/\/$/, ''),
    loginUrl: urls.loginUrl.replace(/\/$/, ''),
    credentials: async () => client,
    rate: url === undefined ? RATE : STAND_IN_RATE,
    now: Date.now,
    wait: (ms) => wait(ms),
    random: Math.random,
    timeoutMs: TIMEOUT_MS,
  });
  const organization = new HttpGenesysOrganization(api);
  await expectOrganization(organization, settings);
  return { organization, plan, deployment: await deploymentOf(plan, stage, residency), settings };
}

async function expectOrganization(organization: HttpGenesysOrganization, settings: Settings): Promise<void> {
  const { genesysOrganizationId: expected } = settings;
  const id = await organization.id();
  if (expected === undefined || expected === id) return;
  throw new Error(`Expected the organisation ${expected} of cdk.json, but the OAuth client is of ${id}.`);
}

function readPlan(path: string): Plan {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(`There is no plan ${path} that can be read.`);
  }
  const plan = Plan.safeParse(parsedJson(text));
  if (plan.success) return plan.data;
  const causes = plan.error.issues.map((issue) => `  ${[...issue.path, issue.message].join(': ')}`);
  throw new Error(`${path} is no plan:\n${causes.join('\n')}`);
}

function credentials(): GenesysCredentials {
  const clientId = process.env['DIALGUARD_GENESYS_CLIENT_ID'];
  const clientSecret = process.env['DIALGUARD_GENESYS_CLIENT_SECRET'];
  if (clientId === undefined || clientSecret === undefined)
    throw new Error(
      'Set DIALGUARD_GENESYS_CLIENT_ID and DIALGUARD_GENESYS_CLIENT_SECRET to an OAuth client.',
    );
  return { clientId, clientSecret };
}

/** What the plan says, or else the outputs of the stacks: the function is in the account of its role. */
async function deploymentOf(
  { dataAction }: Plan,
  stage: string | undefined,
  residency: Residency,
): Promise<Deployment> {
  const { functionArn, roleArn } = dataAction;
  if (functionArn !== undefined && roleArn !== undefined) return { functionArn, roleArn };
  if (stage === undefined)
    throw new Error('Give --stage, or functionArn and roleArn under dataAction in the plan.');
  return deploymentFrom(await stageOutputs(stage, residency), dataAction);
}

/** @throws Error where the stacks have no role for data actions. */
export function deploymentFrom(
  { region, outputs }: Awaited<ReturnType<typeof stageOutputs>>,
  { functionArn, roleArn }: Pick<Plan['dataAction'], 'functionArn' | 'roleArn'>,
): Deployment {
  const { DataActionRoleArn: role, CheckConsentFunction: name } = outputs;
  const [, partition, , , account] = (role ?? '').split(':');
  if (role === undefined || name === undefined)
    throw new Error('The stacks have no role for data actions: set genesysOrganizationId, and deploy.');
  return {
    functionArn: functionArn ?? `arn:${partition}:lambda:${region}:${account}:function:${name}`,
    roleArn: roleArn ?? role,
  };
}
