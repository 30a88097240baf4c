import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Makes a message of the queue visible again after so many seconds. */
export function visibilityOf(
  client: SQSClient,
  QueueUrl: string,
): (receiptHandle: string, seconds: number) => Promise<void> {
  return async (ReceiptHandle, VisibilityTimeout) => {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
  };
}
