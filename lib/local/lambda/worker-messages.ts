import * as z from 'zod';

/** A failed invocation as the Node.js runtime of AWS Lambda reports it. */
export const FunctionFailure = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});
export type FunctionFailure = z.output<typeof FunctionFailure>;

/** What the worker is told when it starts. */
export const WorkerSetup = z.object({ file: z.string(), exportName: z.string() });
export type WorkerSetup = z.output<typeof WorkerSetup>;

/** One event to handle. `deadline` is epoch milliseconds. */
export const InvokeMessage = z.object({
  requestId: z.string(),
  event: z.string(),
  deadline: z.number(),
  functionName: z.string(),
  functionArn: z.string(),
  memoryLimitInMB: z.string(),
});
export type InvokeMessage = z.output<typeof InvokeMessage>;

/** What the worker answers. */
export const WorkerMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('init-failed'), failure: FunctionFailure }),
  z.object({ kind: z.literal('result'), requestId: z.string(), payload: z.string() }),
  z.object({ kind: z.literal('failed'), requestId: z.string(), failure: FunctionFailure }),
]);
export type WorkerMessage = z.output<typeof WorkerMessage>;

/** An error as the runtime reports it. */
export function failureOf(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}
