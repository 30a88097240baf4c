import type { Explainer } from '../../lib/adapters/audit-log/explainer.ts';
import type { EraseContactPoint, Erased } from '../../lib/adapters/erase-contact-point.ts';
import { homeRegion } from '../../lib/adapters/record-fact.ts';
import { createZip } from '../../lib/adapters/zip.ts';
import { sha256Hex } from '../../lib/domain/canonical-json.ts';
import type { EmailAddress } from '../../lib/domain/contact-point/email-address.ts';
import type { PhoneNumber } from '../../lib/domain/contact-point/phone-number.ts';
import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import { type Pepper, tokenOf } from '../../lib/domain/contact-point/token.ts';
import { readDevice } from '../../lib/domain/multicloud/device.ts';
import type { DeviceResponse } from '../../lib/domain/multicloud/execution-log.ts';
import type { SubmissionJob } from '../../lib/domain/multicloud/ports.ts';
import type { ActOnDevice } from '../../lib/domain/multicloud/process-submission.ts';
import type { ReadSubmission } from '../../lib/domain/multicloud/submission.ts';
import { csvOf, type Disclosure, disclose, tablesOf } from '../../lib/domain/subject-request/disclosure.ts';

type Submission = Extract<ReadSubmission, { kind: 'submission' }>;

/** What a file asks to be done with the people in it. */
export type ForgetAndExport = {
  begin(
    file: Submission,
    job: SubmissionJob,
  ): Promise<{
    readonly act: ActOnDevice;
    /** What was exported, once every device was acted on; undefined where nothing was. */
    readonly archive: () => Promise<Uint8Array | undefined>;
  }>;
};

export type ForgetAndExportDeps = {
  readonly eraseContactPoint: EraseContactPoint;
  readonly explainer: Pick<Explainer, 'explainContactPoints'>;
  readonly pepper: () => Promise<Pepper>;
  readonly residency: Residency;
};

/** Whoever put the file there; who that was, the bucket's access log says. */
const BY = 'multicloud-file';

export function createForgetAndExport(deps: ForgetAndExportDeps): ForgetAndExport {
  return {
    async begin(file, job) {
      if (file.type === 'FORGET') return { act: forgetting(job, deps), archive: async () => undefined };
      return await exporting(file, deps);
    },
  };
}

/** One write suppresses and erases: nobody is ever forgotten and not suppressed. */
function forgetting(
  { name, beganAt }: SubmissionJob,
  { eraseContactPoint }: ForgetAndExportDeps,
): ActOnDevice {
  const caseId = sha256Hex(name).slice(0, 40);
  return async (device) => {
    const erased = await eraseContactPoint(device, { reason: 'SUBJECT_REQUEST', by: BY, caseId });
    switch (erased.outcome) {
      case 'HELD':
        return { outcome: 'ERROR', reason: 'kept for a legal claim' };
      case 'WRONG_REGION':
        return otherRegion(erased.region);
      case 'ERASED':
        return { outcome: foundBy(erased, beganAt) ? 'SUCCESS' : 'NOT_FOUND' };
    }
  };
}

/** What an earlier delivery of this file erased was found by it. */
function foundBy(
  { changed, destroyed, erasedAt }: Extract<Erased, { outcome: 'ERASED' }>,
  beganAt: number,
): boolean {
  if (!changed) return erasedAt >= beganAt;
  const { dataKey = false, ...counts } = destroyed ?? {};
  return dataKey || Object.values(counts).some((count) => count !== 0);
}

async function exporting(
  { requests }: Submission,
  { explainer, pepper, residency }: ForgetAndExportDeps,
): Promise<Awaited<ReturnType<ForgetAndExport['begin']>>> {
  const known = await pepper();
  const devices = requests.flatMap(({ contacts }) => contacts.map(readDevice));
  const ours = devices.filter((device) => device.kind === 'phone' || device.kind === 'email');
  // The log is read once for all of them.
  const explained = await explainer.explainContactPoints(ours.map((device) => tokenOf(known, device)));
  const found = new Map<string, Disclosure>();
  const act: ActOnDevice = async (device): Promise<DeviceResponse> => {
    const region = homeRegion(device);
    if (region !== undefined && region !== residency) return otherRegion(region);
    const explanation = explained.get(tokenOf(known, device));
    if (explanation === undefined || (!explanation.known && explanation.timeline.length === 0)) {
      return { outcome: 'NOT_FOUND' };
    }
    found.set(device.canonical, disclose(explanation, clearOf(device)).disclosure);
    return { outcome: 'SUCCESS' };
  };
  return { act, archive: async () => (found.size === 0 ? undefined : archiveOf([...found.values()])) };
}

function clearOf(device: PhoneNumber | EmailAddress): string {
  return device.kind === 'phone' ? `tel:${device.e164}` : device.canonical;
}

function otherRegion(region: Residency): DeviceResponse {
  return { outcome: 'ERROR', reason: `belongs to the deployment of region ${region}, submit it there` };
}

/** Plain CSV files, as the platform's own exports. */
function archiveOf(disclosures: readonly Disclosure[]): Uint8Array {
  return createZip(
    Object.fromEntries(tablesOf(disclosures).map((table) => [`${table.name}.csv`, csvOf(table)])),
  );
}
