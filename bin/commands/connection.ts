import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Policy } from '../../lib/domain/policy/policy.ts';
import {
  type Endpoints,
  endpointsFrom,
  readEndpoints,
  type StackOutputs,
} from '../../lib/local/endpoints.ts';
import type { Residency, Stage } from '../../lib/stacks/deployments.ts';
import { policyInForce } from '../policy-file.ts';

/** What every AWS SDK client of the command is made with. */
export type AwsClientConfig = {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string };
};

/** The deployment that a command works on. */
export type Connection = {
  readonly endpoints: Endpoints;
  readonly aws: AwsClientConfig;
  /** What it decides by, as cdk.json has it. */
  readonly policy: Policy;
  /** POSTs to the HTTP API with a token; the answer as it came. */
  post(path: string, body: object): Promise<ApiAnswer>;
  /** GETs from it. */
  get(path: string): Promise<ApiAnswer>;
};

export type ApiAnswer = { readonly status: number; readonly body: unknown };

const Globals = z.object({
  stage: z.enum(['dev', 'staging', 'prod']).optional(),
  residency: z.enum(['EU', 'US']),
  endpoints: z.string(),
  json: z.boolean().default(false),
});

/** The options that every command shares. */
export function globalOptions(command: Command): z.infer<typeof Globals> {
  return parseOptions(Globals, command.optsWithGlobals());
}

/**
 * Reads options, or says which one is wrong and what was expected.
 *
 * @throws Error with a sentence for each wrong option.
 */
export function parseOptions<T>(schema: z.ZodType<T>, options: unknown): T {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const said = parsed.error.issues.map(({ path, message }) => `--${kebab(path.join('.'))}: ${message}`);
  throw new Error(said.join('\n'));
}

/** The local stack, or the deployment that --stage and --residency name. */
export async function connect(command: Command): Promise<Connection> {
  const { stage, residency, endpoints: path } = globalOptions(command);
  return stage === undefined
    ? connectionTo(readEndpoints(path))
    : connectionTo(await stageEndpoints(stage, residency), stage);
}

/** A connection to a deployment whose names are known; the local stack is a dev stage. */
export function connectionTo(endpoints: Endpoints, stage: Stage = 'dev'): Connection {
  const { region, awsEndpoint, accessKeyId, secretAccessKey } = endpoints;
  const aws: AwsClientConfig = {
    region,
    ...(awsEndpoint === undefined ? {} : { endpoint: awsEndpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  };
  let token: Promise<string> | undefined;
  const send = async (
    path: string,
    request: { method: 'GET' | 'POST'; body?: string },
  ): Promise<ApiAnswer> => {
    token ??= accessToken(endpoints);
    const response = await fetch(`${endpoints.apiUrl}${path}`, {
      ...request,
      headers: { authorization: `Bearer ${await token}`, 'content-type': 'application/json' },
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    endpoints,
    aws,
    policy: policyInForce(stage, endpoints.residency),
    post: (path, body) => send(path, { method: 'POST', body: JSON.stringify(body) }),
    get: (path) => send(path, { method: 'GET' }),
  };
}

async function stageEndpoints(stage: string, residency: Residency): Promise<Endpoints> {
  const { region, outputs } = await stageOutputs(stage, residency);
  const { tokenUrl, clientId, ...named } = endpointsFrom(outputs);
  const clientSecret = process.env['DIALGUARD_CLIENT_SECRET'];
  return {
    ...named,
    region,
    residency,
    oauth: { tokenUrl, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) },
  };
}

/** What the stacks of a deployment say of themselves, and the region that they are in. */
export async function stageOutputs(
  stage: string,
  residency: Residency,
): Promise<{ readonly region: string; readonly outputs: StackOutputs }> {
  const region = residency === 'EU' ? 'eu-central-1' : 'us-east-1';
  const client = new CloudFormationClient({ region });
  const names = ['storage', 'ingestion', 'api'].map(
    (stack) => `dialguard-${stage}-${residency.toLowerCase()}-${stack}`,
  );
  const described = await Promise.all(
    names.map((StackName) => client.send(new DescribeStacksCommand({ StackName }))),
  );
  const listed = described.flatMap(({ Stacks = [] }) => Stacks.flatMap((stack) => stack.Outputs ?? []));
  const outputs = Object.fromEntries(
    listed.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  return { region, outputs };
}

const TokenAnswer = z.object({ access_token: z.string() });

async function accessToken({ oauth }: Endpoints): Promise<string> {
  if (oauth.clientSecret === undefined)
    throw new Error('Set DIALGUARD_CLIENT_SECRET to the secret of the API client.');
  const basic = Buffer.from(`${oauth.clientId}:${oauth.clientSecret}`).toString('base64');
  const response = await fetch(oauth.tokenUrl, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  const answer = TokenAnswer.safeParse(await response.json());
  if (!response.ok || !answer.success)
    throw new Error(`The token endpoint refused the client (HTTP ${response.status}).`);
  return answer.data.access_token;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
