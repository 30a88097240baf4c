import { errorCode, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { ObjectCreated } from '../../lib/adapters/s3/object-created.ts';
import type { SubmittedText } from '../../lib/adapters/s3/submissions.ts';
import { type BatchAnswer, deliverAgain, SqsBatch, type SqsRecord } from '../../lib/adapters/sqs/batch.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import { parsedJson } from '../../lib/domain/json.ts';
import { executionLogText, refusalText } from '../../lib/domain/multicloud/execution-log.ts';
import { archiveName, executionLogName } from '../../lib/domain/multicloud/file-name.ts';
import type { SubmissionJob, SubmissionJobs, SubmissionResults } from '../../lib/domain/multicloud/ports.ts';
import { processRequests } from '../../lib/domain/multicloud/process-submission.ts';
import { readSubmission, refused } from '../../lib/domain/multicloud/submission.ts';
import { localMoment } from '../../lib/domain/policy/local-time.ts';
import type { ForgetAndExport } from './forget-and-export.ts';

export type ProcessMulticloudFileDeps = {
  readonly inboxBucket: string;
  readonly readFile: (object: { key: string; versionId: string | undefined }) => Promise<SubmittedText>;
  readonly jobs: SubmissionJobs;
  readonly results: SubmissionResults;
  readonly people: ForgetAndExport;
  /** IANA: by whose clock a file is of today. */
  readonly zone: string;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** Only files in this very folder are looked at. */
const KEY = /^GDPR_Submit\/([^/]+)$/;

/**
 * Processes the files that are put into GDPR_Submit and lays down what became of them in GDPR_Result. A file that failed
 * for a fault of ours is delivered again and goes on; its log is written last, once every device has a response.
 */
export function createProcessMulticloudFile(
  deps: ProcessMulticloudFileDeps,
): (event: unknown) => Promise<BatchAnswer> {
  return async (event) => {
    const failed: SqsRecord[] = [];
    for (const record of SqsBatch.parse(event).Records) {
      const jobId = sha256Hex(record.body).slice(0, 40);
      try {
        await takeFile(record.body, jobId, deps);
      } catch (error) {
        deps.telemetry.log('MULTICLOUD_FILE_RETRIED', { jobId, errorCode: errorCode(error) });
        failed.push(record);
      }
    }
    return deliverAgain(failed);
  };
}

async function takeFile(body: string, jobId: string, deps: ProcessMulticloudFileDeps): Promise<void> {
  const event = ObjectCreated.safeParse(parsedJson(body));
  const object = event.data?.detail.object;
  const name = KEY.exec(object?.key ?? '')?.[1];
  if (object === undefined || name === undefined || event.data?.detail.bucket.name !== deps.inboxBucket) {
    deps.telemetry.log('MULTICLOUD_FILE_IGNORED', { jobId });
    return;
  }
  const versionId = object['version-id'];
  const beganAt = deps.now();
  const fresh = { name, versionId: versionId ?? '', beganAt, today: localMoment(deps.zone, beganAt).date };
  const job = await deps.jobs.claim(fresh);
  if (job.versionId !== fresh.versionId) return await refuseAnother(fresh, deps);
  if (await deps.results.has(executionLogName(name))) return;
  await processFile(job, await deps.readFile({ key: object.key, versionId }), deps);
}

/** A second file of one name: the log of the first stays as it is, and the second has one of its own. */
async function refuseAnother(
  { name, versionId }: SubmissionJob,
  deps: ProcessMulticloudFileDeps,
): Promise<void> {
  const other = executionLogName(`${name.replace(/\.json$/, '')}-${sha256Hex(versionId).slice(0, 12)}`);
  const why = refused(
    'SEEN_BEFORE',
    'expected a name that was not used before; submit the file under another',
  );
  await deps.results.put(other, refusalText(why));
  deps.telemetry.metric('MulticloudFileRefusedCount', 1);
}

const NO_TEXT = {
  GONE: 'expected the file to be there still; submit it again under another name',
  TOO_LARGE: 'expected a text of at most 20 MB',
};

async function processFile(
  job: SubmissionJob,
  submitted: SubmittedText,
  deps: ProcessMulticloudFileDeps,
): Promise<void> {
  const file =
    submitted.kind === 'text'
      ? readSubmission({ name: job.name, text: submitted.text, today: job.today })
      : refused(submitted.kind, NO_TEXT[submitted.kind]);
  if (file.kind === 'refused') {
    await deps.results.put(executionLogName(job.name), refusalText(file));
    deps.telemetry.metric('MulticloudFileRefusedCount', 1);
    return;
  }
  const { act, archive } = await deps.people.begin(file, job);
  const responses = await processRequests(file.requests, act);
  const content = await archive();
  if (content !== undefined) await deps.results.put(archiveName(job.name), content);
  await deps.results.put(executionLogName(job.name), executionLogText(file.requests, responses));
  const all = responses.flat();
  deps.telemetry.metric(
    'MulticloudDeviceErrorCount',
    all.filter(({ outcome }) => outcome === 'ERROR').length,
  );
  deps.telemetry.log('MULTICLOUD_FILE_DONE', { jobId: sha256Hex(job.name).slice(0, 40), count: all.length });
}
