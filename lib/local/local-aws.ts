import { mkdirSync } from 'node:fs';
import { type AwsGateway, createAwsGateway } from './aws-gateway.ts';
import type { AwsAccount } from './aws-service.ts';
import { type Clock, systemClock } from './clock.ts';
import { createDelivery } from './delivery.ts';
import { createDynamoDb } from './dynamodb.ts';
import { createDynamoDbStreams, type DynamoDbStreams } from './dynamodb-streams/streams.ts';
import type { Dropped } from './event-bridge/deliveries.ts';
import { createEventBridge, type EventBridge } from './event-bridge/event-bridge.ts';
import { createKms, type Kms } from './kms.ts';
import { createLambda, type Lambda } from './lambda/lambda.ts';
import { createSecrets, type Secrets } from './secrets.ts';
import type { Credentials } from './sigv4.ts';
import { createSns, type Published, type Sns } from './sns.ts';
import { createSqs, type Sqs } from './sqs/sqs.ts';
import { deliverToQueues } from './sqs/sqs-delivery.ts';
import { createSts } from './sts.ts';

/** What went on inside, for the operator's eyes. */
export type LocalAwsHooks = {
  readonly onError?: (error: unknown) => void;
  readonly onLog?: (functionName: string, text: string) => void;
  readonly onPublish?: (published: Published) => void;
  /** An event that no target and no dead-letter queue has taken. */
  readonly onDroppedEvent?: (dropped: Dropped) => void;
  /** An asynchronous invocation that failed for good, of a function without a failure destination. */
  readonly onDroppedInvocation?: (functionName: string) => void;
};

export type LocalAwsOptions = {
  readonly account: AwsAccount;
  readonly credentials: Credentials;
  /** All state lies in here. */
  readonly folder: string;
  /** 0, or none, takes any free port. */
  readonly port?: number;
  /** The clock of queues, rules, schedules and retries; signatures are always checked against the machine's. */
  readonly clock?: Clock;
  readonly hooks?: LocalAwsHooks;
};

export type LocalAws = {
  readonly endpoint: string;
  /** More services, such as Amazon S3, are routed here. */
  readonly gateway: AwsGateway;
  readonly streams: DynamoDbStreams;
  readonly sqs: Sqs;
  readonly eventBridge: EventBridge;
  readonly lambda: Lambda;
  readonly sns: Sns;
  readonly secrets: Secrets;
  readonly kms: Kms;
  /** Begins the work that an earlier run has left. Call once all resources are declared. */
  resume(): void;
  /** Stops everything; close event source mappings before. */
  close(): Promise<void>;
};

/** The AWS services of the local stack behind one endpoint, wired to each other, empty of resources. */
export async function createLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { credentials, folder, port, hooks } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const gateway = await createAwsGateway({ credentials, ...defined({ port, onError: hooks?.onError }) });
  const services = await closingOnFailure(gateway, () => createServices(options, gateway.endpoint));
  const dynamoDb = await createDynamoDb({ folder });
  const streams = createDynamoDbStreams({
    ...{ account: options.account, service: dynamoDb.service },
    ...defined({ clock: options.clock }),
  });
  const { sqs, sns, secrets, kms, lambda, eventBridge } = services;
  gateway.route('dynamodb', streams.service);
  gateway.route('sqs', sqs.service);
  gateway.route('sns', sns.service);
  gateway.route('secretsmanager', secrets.service);
  gateway.route('kms', kms.service);
  gateway.route('lambda', lambda.service);
  gateway.route('events', eventBridge.service);
  gateway.route('sts', createSts(options.account, credentials));
  return {
    endpoint: gateway.endpoint,
    gateway,
    streams,
    ...services,
    resume() {
      eventBridge.resume();
      lambda.resume();
    },
    async close() {
      await gateway.close();
      await eventBridge.close();
      await lambda.close();
      for (const service of [sqs, sns, secrets]) service.close();
      await dynamoDb.close();
    },
  };
}

/** A stack that could not start must not keep its port. */
async function closingOnFailure<T>(gateway: AwsGateway, start: () => T): Promise<T> {
  try {
    return start();
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

function createServices(options: LocalAwsOptions, endpoint: string) {
  const { account, credentials, folder, hooks = {}, clock = systemClock } = options;
  const delivery = createDelivery();
  const { deliver } = delivery;
  const sqs = createSqs({ account, endpoint, folder, clock });
  const sns = createSns({ account, folder, clock, ...defined({ onPublish: hooks.onPublish }) });
  const secrets = createSecrets({ account, folder, clock });
  const kms = createKms({ account, folder });
  const lambda = createLambda({
    ...{ account, endpoint, credentials, folder, deliver, clock },
    ...defined({ onLog: hooks.onLog, onDropped: hooks.onDroppedInvocation }),
  });
  const eventBridge = createEventBridge({
    ...{ account, folder, deliver, clock },
    ...defined({ onDropped: hooks.onDroppedEvent }),
  });
  delivery.route('sqs', deliverToQueues(sqs));
  delivery.route('sns', sns.deliver);
  delivery.route('lambda', ({ to, body }) => lambda.invokeAsync(to, body));
  return { sqs, sns, secrets, kms, lambda, eventBridge };
}

/** The entries that have a value: exactOptionalPropertyTypes tells absent from undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
