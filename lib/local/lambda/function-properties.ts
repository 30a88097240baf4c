import * as z from 'zod';

/**
 * The properties of AWS::Lambda::Function (and of its AWS::Lambda::EventInvokeConfig) that matter on one machine, and
 * the folder that holds the code. Runtime, architecture and memory are the machine's own.
 */
export const FunctionProperties = z.object({
  FunctionName: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  /** The asset folder: index.js or index.mjs lies in it. */
  CodeFolder: z.string().min(1),
  Handler: z.string().regex(/^[\w-]+\.\w+$/),
  /** Seconds. */
  Timeout: z.coerce.number().int().min(1).max(900).default(3),
  MemorySize: z.coerce.number().int().min(128).default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).optional(),
  ReservedConcurrentExecutions: z.coerce.number().int().min(0).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().startsWith('arn:').optional() }).optional(),
  MaximumRetryAttempts: z.coerce.number().int().min(0).max(2).default(2),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string().startsWith('arn:') }).optional() })
    .optional(),
});

export type FunctionProperties = z.output<typeof FunctionProperties>;
