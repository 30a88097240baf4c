import type { GenesysGdpr } from '../../domain/subject-request/genesys-gdpr.ts';
import { moveGenesysStep } from '../../domain/subject-request/genesys-step.ts';
import type { MoveStep } from '../../domain/subject-request/run-request.ts';
import { askOfStep } from '../../domain/subject-request/steps.ts';

export type GenesysMoveDeps = {
  readonly gdpr: GenesysGdpr;
  readonly keepResult: (file: { requestId: string; name: string }, content: Uint8Array) => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/** Moves what is asked of Genesys Cloud for one subject; what an export finds is kept with the request. */
export function createMoveGenesysStep({ gdpr, keepResult, now }: GenesysMoveDeps): MoveStep {
  return async ({ request, data }, step, save) => {
    const ask = askOfStep(request, data, step);
    if (ask === undefined) return await save({ ...step, state: 'FAILED', cause: 'UNKNOWN_SUBJECT' });
    const name = (number: number) => `${step.id.replace(':', '-')}-${number}`;
    await moveGenesysStep(step, ask, {
      gdpr,
      save,
      keepResult: (number, content) => keepResult({ requestId: request.id, name: name(number) }, content),
      now,
    });
  };
}
