import * as z from 'zod';

const seconds = (most: number) => z.coerce.number().int().min(0).max(most);

/**
 * The properties of AWS::SQS::Queue that change what a queue does, with the defaults and limits of the
 * CloudFormation reference (MaximumMessageSize: 1 MiB since August 2025). Encryption, tags and policies change
 * nothing on one machine and are left out.
 */
export const QueueProperties = z.object({
  QueueName: z.string().regex(/^[A-Za-z0-9_-]{1,75}(\.fifo)?$/),
  FifoQueue: z.boolean().default(false),
  ContentBasedDeduplication: z.boolean().default(false),
  DeduplicationScope: z.enum(['queue', 'messageGroup']).default('queue'),
  DelaySeconds: seconds(900).default(0),
  MaximumMessageSize: z.coerce.number().int().min(1024).max(1_048_576).default(1_048_576),
  MessageRetentionPeriod: z.coerce.number().int().min(60).max(1_209_600).default(345_600),
  ReceiveMessageWaitTimeSeconds: seconds(20).default(0),
  VisibilityTimeout: seconds(43_200).default(30),
  RedrivePolicy: z
    .object({
      deadLetterTargetArn: z.string(),
      maxReceiveCount: z.coerce.number().int().min(1).max(1000),
    })
    .optional(),
});

export type QueueProperties = z.output<typeof QueueProperties>;
