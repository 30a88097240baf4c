import * as z from 'zod';
import type { Token } from '../../domain/contact-point/token.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { CxoneApi } from './cxone-api.ts';

/** A record of a DNC group as NICE CXone writes it. */
export type DncRecord = {
  readonly token: Token;
  /** Ten digits. */
  readonly phoneNumber: string;
  /** yyyy-MM-ddTHH:mm:ssZ: from then on it is as if it were not there. */
  readonly expiredDate: string;
};

const SERVICES = '/inContactAPI/services/v30.0';
/** Few enough for any page or body of this API. */
const AT_ONCE = 100;
/** Two million records; a listing that never ends is broken. */
const MOST_PAGES = 20_000;

const Result = z.object({
  success: z.boolean().optional(),
  error: z.string().nullish(),
  formattedPhone: z.string().nullish(),
  phoneNumber: z.coerce.string().nullish(),
});
const Results = z.object({ errorCount: z.number(), recordResults: z.array(Result).default([]) });
/** In an envelope for records that are added, bare for those that are expired. */
const Answer = z.union([z.object({ resultSet: Results }).transform(({ resultSet }) => resultSet), Results]);
type Results = z.infer<typeof Results>;

const Stored = z.object({ phoneNumber: z.coerce.string(), expiredDate: z.string().nullish() });
const Listed = z.object({
  totalRecords: z.number().optional(),
  dncRecords: z.array(Stored).optional(),
  dncGroupRecords: z.array(Stored).optional(),
});
const Page = z.union([z.object({ resultSet: Listed }).transform(({ resultSet }) => resultSet), Listed]);

/** A record that was to be expired and is not there has what was asked for. */
const NOT_THERE = /not (?:be )?found|not exist/i;

/**
 * Adds records to a group (POST) or expires them now, by its own clock (DELETE). NICE CXone answers 200 whatever became of
 * each.
 *
 * @returns the records that it did not take.
 * @throws ComplianceError CXONE_UNREADABLE where it does not say which ones those are.
 */
export async function sendRecords(
  api: CxoneApi,
  { groupId, method }: { readonly groupId: string; readonly method: 'POST' | 'DELETE' },
  records: readonly DncRecord[],
): Promise<readonly DncRecord[]> {
  const failed: DncRecord[] = [];
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const sent = records.slice(from, from + AT_ONCE);
    const dncGroupRecords = sent.map(({ phoneNumber, expiredDate }) =>
      method === 'POST' ? { phoneNumber, expiredDate } : { phoneNumber },
    );
    const results = await api.send({ method, path: pathOf(groupId), body: { dncGroupRecords } }, Answer);
    const refused = results.recordResults.flatMap((result, at) =>
      result.success === false ? [{ ...result, at }] : [],
    );
    if (refused.length !== results.errorCount) throw untold();
    failed.push(
      ...refused
        .filter(({ error }) => method === 'POST' || !NOT_THERE.test(error ?? ''))
        .map((result) => recordOf(result, sent, results)),
    );
  }
  return failed;
}

/** By its number, which may be written in another way; else by its place, where there is one answer for each record. */
function recordOf(
  { formattedPhone, phoneNumber, at }: z.infer<typeof Result> & { readonly at: number },
  sent: readonly DncRecord[],
  { recordResults }: Results,
): DncRecord {
  const digits = (phoneNumber ?? formattedPhone ?? '').replaceAll(/\D/g, '').slice(-10);
  const named = sent.find((record) => record.phoneNumber === digits);
  const placed = recordResults.length === sent.length && digits === '' ? sent[at] : undefined;
  const record = named ?? placed;
  if (record === undefined) throw untold();
  return record;
}

/**
 * Every number of a group that has not expired.
 *
 * @throws ComplianceError CXONE_INCOMPLETE where not all of them came.
 */
export async function* storedNumbers(api: CxoneApi, groupId: string, now: number): AsyncGenerator<string> {
  let skip = 0;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { skip: String(skip), top: String(AT_ONCE) };
    const found = await api.send({ method: 'GET', path: pathOf(groupId), query }, Page);
    const records = found.dncRecords ?? found.dncGroupRecords ?? [];
    for (const { phoneNumber, expiredDate } of records) {
      if (!(Date.parse(expiredDate ?? '') <= now)) yield phoneNumber;
    }
    skip += records.length;
    const { totalRecords } = found;
    if (totalRecords === undefined ? records.length < AT_ONCE : skip >= totalRecords) return;
    if (records.length === 0) break;
  }
  throw new ComplianceError({
    code: 'CXONE_INCOMPLETE',
    message: `expected every record of a DNC group, got ${skip}`,
  });
}

function pathOf(groupId: string): string {
  return `${SERVICES}/dnc-groups/${groupId}/records`;
}

function untold(): ComplianceError {
  return new ComplianceError({
    code: 'CXONE_UNREADABLE',
    message: 'expected NICE CXone to say which records it did not take, but it does not; all are told again',
  });
}
