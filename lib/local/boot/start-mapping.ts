import * as z from 'zod';
import { arnOf } from '../arn.ts';
import type { AwsAccount } from '../aws-service.ts';
import type { EventSourceMapping } from '../event-source-mapping/batch.ts';
import { createQueueMapping } from '../event-source-mapping/queue-mapping.ts';
import { createStreamMapping } from '../event-source-mapping/stream-mapping.ts';
import type { LocalServices } from './create-resources.ts';
import type { Resource } from './resolved-assembly.ts';

const Mapping = z.object({ EventSourceArn: z.string(), FunctionName: z.string() }).loose();

/**
 * Starts an event source mapping of a queue or of a table's stream.
 *
 * @throws Error where there is no such event source.
 */
export function startMapping(
  { sqs, streams, lambda }: Pick<LocalServices, 'sqs' | 'streams' | 'lambda'>,
  account: AwsAccount,
  { properties }: Resource,
): EventSourceMapping {
  const { EventSourceArn, FunctionName, ...rest } = Mapping.parse(properties);
  const queue = sqs.queueByArn(EventSourceArn);
  if (queue !== undefined) {
    return createQueueMapping({
      queue,
      region: account.region,
      invoke: (payload) => lambda.invoke(FunctionName, payload),
      properties: rest,
    });
  }
  const stream = streams.streamByArn(EventSourceArn);
  if (stream === undefined) throw new Error(`The event source ${EventSourceArn} does not exist.`);
  return createStreamMapping({
    stream,
    functionArn: arnOf(account, 'lambda', `function:${FunctionName}`),
    invoke: (payload, requestId) => lambda.invoke(FunctionName, payload, requestId),
    queueByArn: sqs.queueByArn,
    properties: rest,
  });
}
