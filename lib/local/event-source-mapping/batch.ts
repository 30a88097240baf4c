import * as z from 'zod';
import { parsedJson } from '../../domain/json.ts';
import type { InvocationOutcome } from '../lambda/function-worker.ts';

export type EventSourceMapping = {
  /** Stops polling and waits for the batches that are under way. */
  close(): Promise<void>;
};

/** What mappings of every source have. */
export const COMMON_PROPERTIES = {
  /** Seconds. */
  MaximumBatchingWindowInSeconds: z.coerce.number().int().min(0).max(300).default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  Enabled: z.boolean().default(true),
};

export type Batch = {
  /** The records as the function gets them, by what it reports failures by. */
  readonly records: ReadonlyMap<string, object>;
  /** Whether the mapping asked for reports. */
  readonly reporting: boolean;
  readonly invoke: (payload: string) => Promise<InvocationOutcome>;
};

export type BatchResult = {
  readonly failed: ReadonlySet<string>;
  /** The function did not answer, so that no record of the batch is known to be done. */
  readonly functionFailed: boolean;
};

/** Invokes the function with a batch; an outcome that failed, or a rejection, means that all of it failed. */
export async function invokeBatch({ records, reporting, invoke }: Batch): Promise<BatchResult> {
  const ids = [...records.keys()];
  try {
    const outcome = await invoke(JSON.stringify({ Records: [...records.values()] }));
    if (outcome.failed) return { failed: new Set(ids), functionFailed: true };
    const failed = reporting ? reportedFailures(outcome.payload, ids) : new Set<string>();
    return { failed, functionFailed: false };
  } catch {
    return { failed: new Set(ids), functionFailed: true };
  }
}

const Report = z
  .object({
    batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
  })
  .nullable();

/**
 * The records that an answer reports as failed. An empty or null answer, or list, means none; an answer that is not
 * understood, an empty, null or missing itemIdentifier, or an id that is not of the batch means all of them
 * (AWS Lambda Developer Guide, "Implementing partial batch responses").
 */
export function reportedFailures(payload: string, ids: readonly string[]): ReadonlySet<string> {
  const report = Report.safeParse(parsedJson(payload));
  if (!report.success) return new Set(ids);
  const failed = new Set((report.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const all = new Set(ids);
  return [...failed].every((id) => all.has(id)) ? failed : all;
}
