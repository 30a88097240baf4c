import * as z from 'zod';
import { readSubmissionName, type SubmissionType } from './file-name.ts';

/** Requests are echoed in the execution log as they came, so what the format does not name is kept. */
const RawRequest = z.looseObject({
  type: z.string(),
  contacts: z.array(z.unknown()),
  requestcase: z.unknown().optional(),
  shortcodes: z.array(z.string()).optional(),
  accountid: z.string().optional(),
});
export type RawRequest = z.infer<typeof RawRequest>;
const Submission = z.object({ requests: z.array(RawRequest).min(1) });

export type RefusalCode =
  | 'MISNAMED'
  | 'OTHER_DAY'
  | 'SEEN_BEFORE'
  | 'TOO_LARGE'
  | 'GONE'
  | 'NOT_JSON'
  | 'MALFORMED'
  | 'UNKNOWN_TYPE'
  | 'MIXED_TYPES'
  | 'OTHER_TYPE_THAN_NAME';

export type ReadSubmission =
  | { readonly kind: 'submission'; readonly type: SubmissionType; readonly requests: readonly RawRequest[] }
  /** Nothing of the file is processed; `message` says why, and holds nothing of its content. */
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string };

/**
 * Reads a submitted file as a whole: its name, its day and its requests. A device that cannot be read is not looked at
 * here, since it must not stop the others.
 *
 * @param file `today` is the ISO 8601 date on the operator's clock when the file is picked up.
 */
export function readSubmission(file: { name: string; text: string; today: string }): ReadSubmission {
  const name = readSubmissionName(file.name);
  if (name === undefined) {
    return refused(
      'MISNAMED',
      'expected a name like forget-20180315_120000.json or export-20180315_120000.json',
    );
  }
  if (name.day !== file.today)
    return refused('OTHER_DAY', `expected the date ${file.today}, got ${name.day}`);
  const json = readJson(file.text);
  if (json === undefined) return refused('NOT_JSON', 'expected JSON text');
  const submission = Submission.safeParse(json.value);
  if (!submission.success) return refused('MALFORMED', placesOf(submission.error));
  return ofOneType(submission.data.requests, name.type);
}

function ofOneType(requests: readonly RawRequest[], named: SubmissionType): ReadSubmission {
  const types = new Set(requests.map(({ type }) => type));
  const unknown = [...types].some((type) => type !== 'FORGET' && type !== 'EXPORT');
  if (unknown) return refused('UNKNOWN_TYPE', 'expected the type FORGET or EXPORT');
  if (types.size > 1)
    return refused('MIXED_TYPES', 'expected one type in all requests, got FORGET and EXPORT');
  if (!types.has(named))
    return refused('OTHER_TYPE_THAN_NAME', `expected the type ${named}, as in the file name`);
  return { kind: 'submission', type: named, requests };
}

/** What a refusal of the whole file says. */
export function refused(code: RefusalCode, message: string): Extract<ReadSubmission, { kind: 'refused' }> {
  return { kind: 'refused', code, message };
}

/** Where the file differs from the format: paths and expectations only, none of its values. */
function placesOf(error: z.ZodError): string {
  const places = error.issues
    .slice(0, 5)
    .map(({ path, code }) => `${path.join('.') || 'the file'} (${code})`);
  return `expected {"requests":[{"type","contacts":[...]}]}, got another shape at ${places.join(', ')}`;
}

/** The value of a JSON text, with or without a byte order mark; undefined if it is none. */
export function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) };
  } catch {
    return undefined;
  }
}
