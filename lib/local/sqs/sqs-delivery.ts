import type { Deliver } from '../delivery.ts';
import { unknownTarget } from '../delivery.ts';
import type { Sqs } from './sqs.ts';

/** Puts parcels into queues. */
export function deliverToQueues(sqs: Sqs): Deliver {
  return (parcel) => {
    const queue = sqs.queueByArn(parcel.to);
    if (queue === undefined) throw unknownTarget();
    const attributes = Object.entries(parcel.attributes ?? {}).map(
      ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
    );
    queue.send({
      body: parcel.body,
      groupId: parcel.messageGroupId,
      attributes: Object.fromEntries(attributes),
    });
  };
}
