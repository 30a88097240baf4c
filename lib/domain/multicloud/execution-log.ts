import * as z from 'zod';
import type { RawRequest, ReadSubmission } from './submission.ts';
import { readJson } from './submission.ts';

/**
 * What became of one device. The format knows SUCCESS and ERROR alone, each with a reason behind a colon: an ERROR always
 * has one, a SUCCESS has "not found" where nothing was known of the device.
 */
export type DeviceResponse =
  | { readonly outcome: 'SUCCESS' | 'NOT_FOUND' }
  | { readonly outcome: 'ERROR'; readonly reason: string };

const NOT_FOUND = 'SUCCESS: not found';
const RESPONSE = /^(SUCCESS|ERROR)\s*(?::\s*(.*))?$/s;

export function responseText(response: DeviceResponse): string {
  if (response.outcome === 'ERROR') return `ERROR: ${response.reason}`;
  return response.outcome === 'NOT_FOUND' ? NOT_FOUND : 'SUCCESS';
}

/** Reads a response; whatever is not one of the format's is an error, never a success. */
export function readResponse(text: unknown): DeviceResponse {
  const [, word, reason = ''] = RESPONSE.exec(z.string().catch('').parse(text)) ?? [];
  if (word === 'SUCCESS') return { outcome: /not found/i.test(reason) ? 'NOT_FOUND' : 'SUCCESS' };
  return { outcome: 'ERROR', reason: (word && reason) || 'no readable response' };
}

const JsonObject = z.record(z.string(), z.unknown());
const ResultRequest = z.looseObject({ contacts: z.array(z.unknown()), type: z.string() });
type ResultRequest = z.infer<typeof ResultRequest>;

/** The text of an execution log: the requests as they came, and in `result` the same with a response per device. */
export function executionLogText(
  requests: readonly RawRequest[],
  responses: readonly (readonly DeviceResponse[])[],
): string {
  const result = requests.map((request, position) => ({
    ...request,
    contacts: request.contacts.map((contact, device) => ({
      ...(JsonObject.safeParse(contact).data ?? { unreadable: contact }),
      response: responseText(responses[position]?.[device] ?? { outcome: 'ERROR', reason: 'not processed' }),
    })),
  }));
  return `${JSON.stringify({ requests, result }, undefined, 2)}\n`;
}

/** The log of a file of which nothing was processed. */
export function refusalText({ code, message }: Extract<ReadSubmission, { kind: 'refused' }>): string {
  return `${JSON.stringify({ requests: [], result: [], error: `ERROR: ${code}: ${message}` }, undefined, 2)}\n`;
}

export type ReadExecutionLog =
  | { readonly kind: 'log'; readonly result: readonly ResultRequest[]; readonly error?: string | undefined }
  | { readonly kind: 'unreadable' };

const Log = z.object({
  requests: z.array(JsonObject).default([]),
  result: z.array(ResultRequest).optional(),
  error: z.string().optional(),
});
const NestedResult = z.object({ result: z.array(ResultRequest) });

/** Reads an execution log, also the older shape in which `result` is the last element of `requests`. Never throws. */
export function readExecutionLog(text: string): ReadExecutionLog {
  const log = Log.safeParse(readJson(text)?.value).data;
  if (log === undefined) return { kind: 'unreadable' };
  const nested = log.requests.flatMap((element) => NestedResult.safeParse(element).data?.result ?? []);
  return { kind: 'log', result: log.result ?? nested, error: log.error };
}
