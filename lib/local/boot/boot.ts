import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type AwsGateway, createAwsGateway } from '../aws-gateway.ts';
import type { AwsAccount } from '../aws-service.ts';
import { createDelivery, type Delivery } from '../delivery.ts';
import { createDynamoDb, type DynamoDb } from '../dynamodb.ts';
import { type Endpoints, endpointsFrom } from '../endpoints.ts';
import { objectCreatedEvent } from '../event-bridge/event.ts';
import { createEventBridge } from '../event-bridge/event-bridge.ts';
import { type HttpApi, listenHttpApi } from '../http-api/http-api.ts';
import { type OAuthClient, openIdentityProvider } from '../http-api/identity-provider.ts';
import { createLambda } from '../lambda/lambda.ts';
import { createLocalS3 } from '../s3/server.ts';
import { createSecrets, type Secrets } from '../secrets.ts';
import type { Credentials } from '../sigv4.ts';
import { createSns, type Sns } from '../sns.ts';
import { createSqs } from '../sqs/sqs.ts';
import { deliverToQueues } from '../sqs/sqs-delivery.ts';
import { createSts } from '../sts.ts';
import { apiRoutes, oauthClients } from './api-resources.ts';
import { type Assembly, readAssembly } from './assembly.ts';
import { createResources, type LocalServices } from './create-resources.ts';
import { identify, type Origins } from './identity.ts';
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
  /** Told of faults of the local services themselves; receives no request data. */
  readonly onError?: (error: unknown) => void;
};

const ACCOUNT_ID = '000000000000';

/**
 * Boots what the templates say on 127.0.0.1: tables, buckets, queues, the bus, rules, event source mappings, schedules,
 * routes and functions with the environment that they would get on AWS.
 */
export async function bootLocalStack(options: BootOptions): Promise<LocalStack> {
  mkdirSync(options.folder, { recursive: true });
  const assembly = readAssembly(options.assembly);
  const account: AwsAccount = { region: assembly.region, accountId: ACCOUNT_ID };
  const credentials = localCredentials(options.folder);
  const gateway = await createAwsGateway({
    credentials,
    port: options.port === 0 ? 0 : options.port + 1,
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  const api = await listenHttpApi(options.port);
  const host: Host = { options, account, credentials, gateway, api };
  const origins: Origins = { account, awsEndpoint: gateway.endpoint, apiUrl: api.url };
  const secrets = createSecrets({ account, folder: options.folder });
  const resolved = resolveAssembly(assembly, origins, createSecretsFirst(assembly, origins, secrets));
  const running = await startServices(host, { assembly, resolved, secrets });
  const clients = oauthClients(resolved, options.folder);
  const { routes, issuer } = apiRoutes(resolved, running.services.lambda);
  api.serve(routes, await openIdentityProvider({ folder: options.folder, issuer, clients }));
  return {
    endpoints: localEndpoints(host, resolved, clients),
    sns: running.services.sns,
    close: running.close,
  };
}

type Host = {
  readonly options: BootOptions;
  readonly account: AwsAccount;
  readonly credentials: Credentials;
  readonly gateway: AwsGateway;
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

type Running = { readonly services: LocalServices; close(): Promise<void> };
type Plan = { readonly assembly: Assembly; readonly resolved: ResolvedAssembly; readonly secrets: Secrets };

async function startServices(host: Host, { assembly, resolved, secrets }: Plan): Promise<Running> {
  const { account, credentials, gateway, options } = host;
  const delivery = createDelivery();
  const database = await createDynamoDb({ folder: options.folder });
  const common = { account, folder: options.folder };
  const sqs = createSqs({ ...common, endpoint: gateway.endpoint });
  const sns = createSns(common);
  const lambda = createLambda({
    ...common,
    endpoint: gateway.endpoint,
    credentials,
    deliver: delivery.deliver,
  });
  const eventBridge = createEventBridge({ ...common, deliver: delivery.deliver });
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
      eventBridge.publish('default', event);
    },
  });
  const dynamodb = new DynamoDBClient({
    region: account.region,
    endpoint: gateway.endpoint,
    credentials: { ...credentials },
  });
  const services: LocalServices = { dynamodb, s3, sqs, sns, secrets, eventBridge, lambda };
  routeAll(host, services, { delivery, database });
  const created = await createResources(resolved, services, assembly.assets);
  announcing = created.announcing;
  await lambda.warm();
  const mappings = created.startMappings(account.region);
  lambda.resume();
  eventBridge.resume();
  return {
    services,
    async close() {
      await host.api.close();
      await eventBridge.close();
      await Promise.all(mappings.map((mapping) => mapping.close()));
      await lambda.close();
      dynamodb.destroy();
      await gateway.close();
      await database.close();
      for (const service of [sqs, sns, secrets]) service.close();
    },
  };
}

type Wiring = { readonly delivery: Delivery; readonly database: DynamoDb };

function routeAll(
  { gateway, account, credentials }: Host,
  services: LocalServices,
  { delivery, database }: Wiring,
): void {
  gateway.routeS3(services.s3);
  gateway.route('dynamodb', database.service);
  gateway.route('sqs', services.sqs.service);
  gateway.route('sns', services.sns.service);
  gateway.route('events', services.eventBridge.service);
  gateway.route('lambda', services.lambda.service);
  gateway.route('secretsmanager', services.secrets.service);
  gateway.route('sts', createSts(account, credentials));
  delivery.route('sqs', deliverToQueues(services.sqs));
  delivery.route('sns', services.sns.deliver);
  delivery.route('lambda', ({ to, body }) => services.lambda.invokeAsync(to, body));
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
    awsEndpoint: host.gateway.endpoint,
    region: host.account.region,
    accessKeyId: host.credentials.accessKeyId,
    secretAccessKey: host.credentials.secretAccessKey,
    residency: check.Environment.Variables.RESIDENCY,
    oauth: {
      tokenUrl: `${host.api.url}/oauth2/token`,
      clientId,
      ...(client === undefined ? {} : { clientSecret: client.clientSecret }),
    },
    optOutWrapUpCodes: ingest.Environment.Variables.OPT_OUT_WRAP_UP_CODES.split(','),
  };
}
