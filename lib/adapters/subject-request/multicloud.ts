import { type MulticloudFiles, moveMulticloudStep } from '../../domain/subject-request/multicloud-step.ts';
import type { MoveStep } from '../../domain/subject-request/run-request.ts';

export type MulticloudMoveDeps = {
  readonly files: MulticloudFiles;
  readonly accountId: string;
  readonly zone: string;
  readonly keepResult: (file: { requestId: string; name: string }, content: Uint8Array) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** Moves what Genesys Multicloud CX is asked for by a file; the archive of an export is kept with the request. */
export function createMoveMulticloudStep({ keepResult, ...deps }: MulticloudMoveDeps): MoveStep {
  return ({ request, data }, step, save) =>
    moveMulticloudStep({ request, data }, step, {
      ...deps,
      save,
      keepArchive: (content) =>
        keepResult({ requestId: request.id, name: 'multicloud-archive.zip' }, content),
    });
}
