import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { ObjectVersion } from '../../lib/adapters/s3/scrub-files.ts';
import { type BatchAnswer, deliverAgain, SqsBatch, type SqsRecord } from '../../lib/adapters/sqs/batch.ts';
import type { FileRejection } from '../../lib/domain/scrub/defect.ts';
import type { ScrubOutbox } from '../../lib/domain/scrub/outputs.ts';
import type { ScrubProfile } from '../../lib/domain/scrub/profile.ts';
import { type RunScrubDeps, runScrub, type ScrubOutcome } from '../../lib/domain/scrub/run-scrub.ts';
import { type ContactList, readContactList, readProfile } from './contact-list.ts';

export type ScrubContactListDeps = RunScrubDeps & {
  readonly inboxBucket: string;
  /** The text of a profile; undefined if there is none. */
  readonly readProfile: (name: string) => Promise<string | undefined>;
  readonly readList: (object: ObjectVersion) => AsyncIterable<Uint8Array>;
  /** The outbox under a key prefix. */
  readonly outbox: (prefix: string) => ScrubOutbox;
  readonly telemetry: Telemetry;
};

/**
 * Scrubs the contact lists that S3 announces: `contact-lists/<profile>/<file>.csv` in the inbox becomes
 * `scrubs/<profile>/<jobId>/` in the outbox. What can never succeed is refused with a report; what may succeed later
 * is delivered again.
 */
export function createScrubContactList(deps: ScrubContactListDeps): (event: unknown) => Promise<BatchAnswer> {
  return async (event) => {
    const { Records } = SqsBatch.parse(event);
    const failed: SqsRecord[] = [];
    for (const record of Records) {
      if (!(await scrubbed(record, deps))) failed.push(record);
    }
    return deliverAgain(failed);
  };
}

async function scrubbed({ body }: SqsRecord, deps: ScrubContactListDeps): Promise<boolean> {
  const list = readContactList(body, deps.inboxBucket);
  try {
    tell(list, await scrub(list, deps), deps.telemetry);
    return true;
  } catch (error) {
    deps.telemetry.log('SCRUB_RETRIED', { jobId: list.jobId, errorCode: errorCode(error) });
    return false;
  }
}

async function scrub(list: ContactList, deps: ScrubContactListDeps): Promise<ScrubOutcome> {
  const { jobId, profileName, object } = list;
  return runScrub(deps, {
    jobId,
    profileName,
    outbox: deps.outbox(`scrubs/${profileName}/${jobId}/`),
    profile: await profileOf(list, deps),
    source: {
      name: list.name,
      versionId: object?.versionId,
      open: () => (object === undefined ? nothing() : deps.readList(object)),
    },
  });
}

async function profileOf(
  { defect, profileName }: ContactList,
  deps: ScrubContactListDeps,
): Promise<ScrubProfile | FileRejection> {
  return defect === undefined ? readProfile(await deps.readProfile(profileName)) : { cause: defect };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function tell({ jobId }: ContactList, outcome: ScrubOutcome, { metric, log }: Telemetry): void {
  switch (outcome.kind) {
    case 'SCRUBBED':
      metric('ScrubRowsCount', outcome.counts.rows);
      log('SCRUBBED', { jobId, count: outcome.counts.rows });
      break;
    case 'REJECTED':
      metric('ScrubRejectedFileCount', 1);
      log('SCRUB_REJECTED', { jobId, reason: outcome.rejection.cause });
      break;
    case 'ALREADY_DONE':
      log('SCRUB_ALREADY_DONE', { jobId });
  }
}
