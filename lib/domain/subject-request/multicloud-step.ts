import { canonicalJson } from '../canonical-json.ts';
import { contactOf, readDevice } from '../multicloud/device.ts';
import { type DeviceResponse, readExecutionLog, readResponse } from '../multicloud/execution-log.ts';
import { type SubmissionType, submissionName } from '../multicloud/file-name.ts';
import { contactPointsOf } from './read-identifier.ts';
import type { Step, SubjectData, SubjectRequest } from './request.ts';

/** Where files for Genesys Multicloud CX are laid down, and where what comes back is found. */
export interface MulticloudFiles {
  /** Lays a file down for the pick-up; one of the same name stays as it is. */
  submit(name: string, text: string): Promise<void>;
  /** Every execution log of a file: there may be more than one. */
  logs(name: string): Promise<readonly string[]>;
  /** The archive of an export; undefined until it is there. */
  archive(name: string): Promise<Uint8Array | undefined>;
  /** Deletes a file and all that came back for it, every version: people stand in them in clear. */
  remove(name: string): Promise<void>;
}

export type MulticloudStepDeps = {
  readonly files: MulticloudFiles;
  readonly accountId: string;
  /** IANA: a file must carry the day of its pick-up. */
  readonly zone: string;
  readonly save: (step: Step) => Promise<void>;
  readonly keepArchive: (content: Uint8Array) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

const DAY_MS = 86_400_000;
/** A file is picked up on its day alone: without a log after three, it was not, or its log was lost. */
const PATIENCE_MS = 3 * DAY_MS;

/** Moves one file for Genesys Multicloud CX as far as it goes now; its name is kept before the file is laid down. */
export async function moveMulticloudStep(
  { request, data }: { readonly request: Pick<SubjectRequest, 'id' | 'type'>; readonly data: SubjectData },
  step: Step,
  deps: MulticloudStepDeps,
): Promise<void> {
  const type: SubmissionType = request.type === 'ERASURE' ? 'FORGET' : 'EXPORT';
  const contacts = contactPointsOf(data.identifiers).map(contactOf);
  if (step.state === 'WAITING') {
    const what = `${request.id} ${step.attempts}`;
    const name = submissionName({ type, what }, deps.now(), deps.zone);
    const sent: Step = {
      ...step,
      state: 'SENT',
      sentAt: deps.now(),
      attempts: step.attempts + 1,
      references: [name],
    };
    await deps.save(sent);
    return await submit(sent, { requestcase: request.id, type, contacts }, deps);
  }
  const ended = await outcomeOf(step, contacts, deps);
  // Until something is said, the file may not have been laid down: a crash can have come between.
  if (ended === undefined) return await submit(step, { requestcase: request.id, type, contacts }, deps);
  await deps.save({ ...step, ...ended });
  // Not before that is kept, or the file would be laid down again. What a crash leaves here lapses with the bucket's files.
  const names = [...(step.former ?? []), nameOf(step)];
  for (const name of ended.state === 'DONE' ? names : []) await deps.files.remove(name);
}

function nameOf({ references: [name = ''] = [] }: Step): string {
  return name;
}

async function submit(
  { references: [name] = [] }: Step,
  asked: {
    readonly requestcase: string;
    readonly type: SubmissionType;
    readonly contacts: readonly object[];
  },
  { files, accountId }: MulticloudStepDeps,
): Promise<void> {
  const requests = [{ ...asked, shortcodes: [], accountid: accountId }];
  if (name !== undefined) await files.submit(name, `${JSON.stringify({ requests }, undefined, 2)}\n`);
}

type Ended = { readonly state: Step['state']; readonly cause?: string };

/** Undefined while nothing is known. */
async function outcomeOf(
  step: Step,
  contacts: readonly object[],
  deps: MulticloudStepDeps,
): Promise<Ended | undefined> {
  const name = nameOf(step);
  const logs = (await deps.files.logs(name)).map(readExecutionLog);
  if (logs.length === 0) {
    return isLate(step, deps) ? { state: 'FAILED', cause: 'NO_LOG' } : undefined;
  }
  if (logs.some((log) => log.kind === 'unreadable')) return { state: 'FAILED', cause: 'LOG_UNREADABLE' };
  if (logs.some((log) => log.kind === 'log' && log.error !== undefined)) {
    return { state: 'FAILED', cause: 'FILE_REFUSED' };
  }
  const responses = responsesOf(logs.flatMap((log) => (log.kind === 'log' ? log.result : [])));
  const said = contacts.map((contact) => responses.get(canonicalJson(readDevice(contact))));
  if (said.some((response) => response === undefined)) return { state: 'FAILED', cause: 'DEVICE_UNANSWERED' };
  if (said.some((response) => response?.outcome === 'ERROR'))
    return { state: 'FAILED', cause: 'DEVICE_ERROR' };
  const found = said.some((response) => response?.outcome === 'SUCCESS');
  return name.startsWith('export-') && found ? await archived(name, step, deps) : { state: 'DONE' };
}

/** By device; where logs differ, an error counts, since it must be looked into. */
function responsesOf(
  requests: readonly { readonly contacts: readonly unknown[] }[],
): ReadonlyMap<string, DeviceResponse> {
  const responses = new Map<string, DeviceResponse>();
  for (const contact of requests.flatMap(({ contacts }) => contacts)) {
    const { response: text, ...device } =
      typeof contact === 'object' && contact !== null
        ? { response: undefined, ...contact }
        : { response: undefined };
    const key = canonicalJson(readDevice(device));
    const response = readResponse(text);
    if (responses.get(key)?.outcome !== 'ERROR') responses.set(key, response);
  }
  return responses;
}

async function archived(name: string, step: Step, deps: MulticloudStepDeps): Promise<Ended | undefined> {
  const content = await deps.files.archive(name);
  if (content === undefined) return isLate(step, deps) ? { state: 'FAILED', cause: 'NO_ARCHIVE' } : undefined;
  await deps.keepArchive(content);
  return { state: 'DONE' };
}

function isLate({ sentAt = 0 }: Step, { now }: MulticloudStepDeps): boolean {
  return now() - sentAt >= PATIENCE_MS;
}
