import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { AwsAccount } from '../aws-service.ts';
import { type Endpoints, endpointsFrom } from '../endpoints.ts';
import { objectCreatedEvent } from '../event-bridge/event.ts';
import type { EventSourceMapping } from '../event-source-mapping/batch.ts';
import { type HttpApi, listenHttpApi } from '../http-api/http-api.ts';
import { type OAuthClient, openIdentityProvider } from '../http-api/identity-provider.ts';
import { createLocalAws, type LocalAws } from '../local-aws.ts';
import { createLocalS3 } from '../s3/server.ts';
import type { Secrets } from '../secrets.ts';
import type { Credentials } from '../sigv4.ts';
import type { Sns } from '../sns.ts';
import { apiRoutes, oauthClients } from './api-resources.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import { createResources } from './create-resources.ts';
import { identify, type Origins } from './identity.ts';
import { localEnvironment, type Platforms } from './platforms.ts';
import { idOf, type ResolvedAssembly, resolveAssembly } from './resolved-assembly.ts';

export type LocalStack = {
  readonly endpoints: Endpoints;
  /** What was published to topics, for whoever would have been told. */
  readonly sns: Pick<Sns, 'published'>;
  close(): Promise<void>;
};

export type BootOptions = {
  /** Folder that `cdk synth` wrote the stacks of one deployment to. */
  readonly assembly: string;
  /** Where everything is kept; made if it is not there. */
  readonly folder: string;
  /** Port of the HTTP API; the local AWS takes the next one. 0 takes any two. */
  readonly port: number;
  /** Whether each function is loaded before the first event, so that one that does not load is known at once; true unless told. */
  readonly warm?: boolean;
  /** What the functions call outside AWS. */
  readonly platforms?: Platforms;
  /** Told of faults of the local services themselves; receives no request data. */
  readonly onError?: (error: unknown) => void;
};

const ACCOUNT_ID = '000000000000';

/**
 * Boots what the templates say on 127.0.0.1: tables, buckets, queues, the bus, rules, event source mappings, schedules,
 * routes and functions with the environment that they would get on AWS.
 *
 * @throws Error for a template that the local stack does not understand, and for a function whose code does not load.
 */
export async function bootLocalStack(options: BootOptions): Promise<LocalStack> {
  mkdirSync(options.folder, { recursive: true });
  const assembly = readAssembly(options.assembly);
  const account: AwsAccount = { region: assembly.region, accountId: ACCOUNT_ID };
  const credentials = localCredentials(options.folder);
  const aws = await createLocalAws({
    account,
    credentials,
    folder: options.folder,
    port: options.port === 0 ? 0 : options.port + 1,
    ...(options.onError === undefined ? {} : { hooks: { onError: options.onError } }),
  });
  const opened: (() => Promise<void>)[] = [() => aws.close()];
  try {
    const api = await listenHttpApi(options.port);
    opened.unshift(() => api.close());
    return await bootOn({ options, account, credentials, aws, api }, assembly);
  } catch (error) {
    // A stack that could not start must not keep its ports.
    for (const close of opened) await close();
    throw error;
  }
}

async function bootOn(host: Host, assembly: Assembly): Promise<LocalStack> {
  const { options, account, aws, api } = host;
  const origins: Origins = { account, awsEndpoint: aws.endpoint, apiUrl: api.url };
  const resolved = resolveAssembly(assembly, origins, createSecretsFirst(assembly, origins, aws.secrets));
  const clients = oauthClients(resolved, options.folder);
  const { routes, issuer } = apiRoutes(resolved, aws.lambda);
  const mappings = await createAll(host, resolved, assembly);
  api.serve(routes, await openIdentityProvider({ folder: options.folder, issuer, clients }));
  const endpoints = localEndpoints(host, resolved, clients);
  // The schedule is a minute away, and nothing is allowed until it is known how far the log has come.
  await aws.lambda.invoke(endpoints.functions.appendAuditLog, '{}');
  return {
    endpoints,
    sns: aws.sns,
    async close() {
      await api.close();
      await Promise.all(mappings.map((mapping) => mapping.close()));
      await aws.close();
    },
  };
}

type Host = {
  readonly options: BootOptions;
  readonly account: AwsAccount;
  readonly credentials: Credentials;
  readonly aws: LocalAws;
  readonly api: HttpApi;
};

/** An ARN of a secret ends in random characters, so it is known only once the secret is there. */
function createSecretsFirst(
  assembly: Assembly,
  origins: Origins,
  secrets: Secrets,
): ReadonlyMap<string, string> {
  return new Map(
    assembly.resources
      .filter(({ type }) => type === 'AWS::SecretsManager::Secret')
      .map((resource) => {
        const { name } = identify(resource, {}, origins);
        const { GenerateSecretString } = SecretProperties.parse(resource.properties);
        return [idOf(resource), secrets.createSecret({ Name: name, GenerateSecretString })];
      }),
  );
}

const SecretProperties = z.object({
  GenerateSecretString: z.object({
    SecretStringTemplate: z.string(),
    GenerateStringKey: z.string(),
    PasswordLength: z.number(),
    ExcludePunctuation: z.boolean(),
  }),
});

/** Creates the resources, S3 among them, and begins what an earlier run has left. */
async function createAll(
  { options, account, credentials, aws }: Host,
  resolved: ResolvedAssembly,
  assembly: Assembly,
): Promise<readonly EventSourceMapping[]> {
  let announcing: ReadonlySet<string> = new Set();
  const s3 = createLocalS3({
    folder: join(options.folder, 's3'),
    credentials,
    region: account.region,
    accountId: account.accountId,
    now: Date.now,
    onObjectCreated: (created) => {
      if (!announcing.has(created.bucket)) return;
      const event = objectCreatedEvent(account, { ...created, etag: created.eTag, time: Date.now() });
      aws.eventBridge.publish('default', event);
    },
  });
  aws.gateway.routeS3(s3);
  // The SDK writes into the credentials that it is given.
  const dynamodb = new DynamoDBClient({
    region: account.region,
    endpoint: aws.endpoint,
    credentials: { ...credentials },
  });
  const created = await createResources(
    resolved,
    { ...aws, dynamodb, s3 },
    { assets: assembly.assets, environment: localEnvironment(options.platforms) },
  );
  dynamodb.destroy();
  announcing = created.announcing;
  if (options.warm !== false) await aws.lambda.warm();
  const mappings = created.startMappings(account);
  aws.resume();
  return mappings;
}

const StoredCredentials = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** Made once and kept: everything on this machine that may call the local AWS has them from endpoints.json. */
function localCredentials(folder: string): Credentials {
  const path = join(folder, 'credentials.json');
  if (existsSync(path)) return StoredCredentials.parse(JSON.parse(readFileSync(path, 'utf8')));
  const credentials = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
  };
  writeFileSync(path, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

const CheckEnvironment = z.object({
  Environment: z.object({ Variables: z.object({ RESIDENCY: z.enum(['EU', 'US']) }) }),
});
const IngestEnvironment = z.object({
  Environment: z.object({ Variables: z.object({ OPT_OUT_WRAP_UP_CODES: z.string() }) }),
});

function localEndpoints(host: Host, resolved: ResolvedAssembly, clients: readonly OAuthClient[]): Endpoints {
  const {
    tokenUrl: _cognitos,
    clientId,
    ...named
  } = endpointsFrom({
    ...resolved.outputs,
    TokenUrl: `${host.api.url}/oauth2/token`,
  });
  const functions = new Map(
    resolved.ofType('AWS::Lambda::Function').map(({ ref, properties }) => [ref, properties]),
  );
  const check = CheckEnvironment.parse(functions.get(named.functions.checkConsent));
  const ingest = IngestEnvironment.parse(functions.get(named.functions.ingestOptOut));
  const client = clients.find((known) => known.clientId === clientId);
  return {
    ...named,
    awsEndpoint: host.aws.endpoint,
    region: host.account.region,
    accessKeyId: host.credentials.accessKeyId,
    secretAccessKey: host.credentials.secretAccessKey,
    residency: check.Environment.Variables.RESIDENCY,
    oauth: {
      tokenUrl: `${host.api.url}/oauth2/token`,
      clientId,
      ...(client === undefined ? {} : { clientSecret: client.clientSecret }),
    },
    platforms: {
      genesysUrl: host.options.platforms?.genesysUrl,
      diallers: host.options.platforms?.diallers ?? {},
    },
    optOutWrapUpCodes: ingest.Environment.Variables.OPT_OUT_WRAP_UP_CODES.split(','),
  };
}
