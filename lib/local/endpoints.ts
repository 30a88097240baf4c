import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { Dialler } from '../domain/dialler/dialler.ts';
import { parsedJson } from '../domain/json.ts';

/** Where a deployment is and what its resources are called: enough for any AWS SDK client and any HTTP client. */
export const Endpoints = z.object({
  apiUrl: z.url(),
  /** Absent on AWS itself. */
  awsEndpoint: z.url().optional(),
  region: z.string(),
  accessKeyId: z.string().optional(),
  secretAccessKey: z.string().optional(),
  residency: z.enum(['EU', 'US']),
  eventBusName: z.string(),
  buckets: z.object({
    inbox: z.string(),
    outbox: z.string(),
    audit: z.string(),
    registry: z.string(),
    privacy: z.string(),
  }),
  tables: z.object({ contactPoints: z.string(), registryBlocks: z.string(), cases: z.string() }),
  queues: z.object({ optOut: z.url(), optOutDlq: z.url() }),
  /** By name: where what a dialler is to hear waits, and what it never took; its credentials, if it has any of its own. */
  diallers: z.record(
    z.string(),
    z.object({ queue: z.url(), deadLetters: z.url(), secretArn: z.string().optional() }),
  ),
  functions: z.object({
    checkConsent: z.string(),
    recordPreference: z.string(),
    manageHold: z.string(),
    receiveMessage: z.string(),
    resolveReview: z.string(),
    eraseContactPoint: z.string(),
    handleSubjectRequest: z.string(),
    reconcileCoverage: z.string(),
    runSubjectRequests: z.string(),
    sendNotices: z.string(),
    processMulticloudFile: z.string(),
    ingestOptOut: z.string(),
    scrubContactList: z.string(),
    appendAuditLog: z.string(),
  }),
  topics: z.object({ legalAlerts: z.string() }),
  /** `genesysClient` where a Genesys Cloud region is connected, `incidentWebhooks` where a ticket system is. */
  secrets: z.object({
    pepper: z.string(),
    kek: z.string(),
    genesysClient: z.string().optional(),
    incidentWebhooks: z.string().optional(),
  }),
  oauth: z.object({ tokenUrl: z.url(), clientId: z.string(), clientSecret: z.string().optional() }),
  /** On one machine: what stands in the place of the platforms outside AWS. A dialler that is not here gets files. */
  platforms: z.object({ genesysUrl: z.url().optional(), diallers: z.record(z.string(), Dialler) }).optional(),
  /** The wrap-up code ids that this deployment takes for opt-outs, where known. */
  optOutWrapUpCodes: z.array(z.string()).optional(),
});
export type Endpoints = z.infer<typeof Endpoints>;

/** The stacks' outputs by name, as CloudFormation lists them. */
export type StackOutputs = Readonly<Record<string, string>>;

/**
 * Names everything from the outputs of the stacks, the same ones on AWS and on one machine.
 *
 * @throws Error naming the output that is missing.
 */
export function endpointsFrom(
  outputs: StackOutputs,
): Pick<
  Endpoints,
  | 'apiUrl'
  | 'eventBusName'
  | 'buckets'
  | 'tables'
  | 'queues'
  | 'diallers'
  | 'functions'
  | 'topics'
  | 'secrets'
> & { readonly tokenUrl: string; readonly clientId: string } {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`The stacks have no output ${name}: are all of them deployed?`);
    return value;
  };
  return {
    apiUrl: output('ApiUrl'),
    eventBusName: output('EventBusName'),
    buckets: {
      inbox: output('InboxBucket'),
      outbox: output('OutboxBucket'),
      audit: output('AuditBucket'),
      registry: output('RegistryBucket'),
      privacy: output('PrivacyBucket'),
    },
    tables: {
      contactPoints: output('ContactPointsTable'),
      registryBlocks: output('RegistryBlocksTable'),
      cases: output('CasesTable'),
    },
    queues: { optOut: output('OptOutQueueUrl'), optOutDlq: output('OptOutDlqUrl') },
    diallers: Endpoints.shape.diallers.parse(parsedJson(output('Diallers'))),
    functions: {
      checkConsent: output('CheckConsentFunction'),
      recordPreference: output('RecordPreferenceFunction'),
      manageHold: output('ManageHoldFunction'),
      receiveMessage: output('ReceiveMessageFunction'),
      resolveReview: output('ResolveReviewFunction'),
      eraseContactPoint: output('EraseContactPointFunction'),
      handleSubjectRequest: output('HandleSubjectRequestFunction'),
      reconcileCoverage: output('ReconcileCoverageFunction'),
      runSubjectRequests: output('RunSubjectRequestsFunction'),
      sendNotices: output('SendNoticesFunction'),
      processMulticloudFile: output('ProcessMulticloudFileFunction'),
      ingestOptOut: output('IngestOptOutFunction'),
      scrubContactList: output('ScrubContactListFunction'),
      appendAuditLog: output('AppendAuditLogFunction'),
    },
    topics: { legalAlerts: output('LegalAlertsTopicArn') },
    secrets: {
      pepper: output('PepperSecretArn'),
      kek: output('KekSecretArn'),
      ...(outputs['GenesysClientSecretArn'] === undefined
        ? {}
        : { genesysClient: outputs['GenesysClientSecretArn'] }),
      ...(outputs['WebhookSecretsArn'] === undefined
        ? {}
        : { incidentWebhooks: outputs['WebhookSecretsArn'] }),
    },
    tokenUrl: output('TokenUrl'),
    clientId: output('ClientId'),
  };
}

/**
 * Reads `.local/endpoints.json`.
 *
 * @throws Error that says how to start the local stack if there is none, or the file is of another version.
 */
export function readEndpoints(path: string): Endpoints {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new Error(
      'No local stack was found here. Start one with `npm start`, or name a deployment with --stage.',
    );
  }
  const parsed = Endpoints.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${path} does not say where a stack is. Start it again with \`npm start\`.`);
}

/** Writes `.local/endpoints.json`, readable by its owner alone: it holds the local credentials. */
export function writeEndpoints(path: string, endpoints: Endpoints): void {
  writeFileSync(path, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
}
