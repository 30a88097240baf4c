import { ComplianceError } from '../../lib/domain/errors.ts';
import type { Dispatch } from '../../lib/domain/notice/dispatch.ts';
import type { SendNoticesDeps } from './deps.ts';

/**
 * Writes how far an incident's notices have come.
 *
 * @throws ComplianceError RUN_OVERTAKEN where another run has written meanwhile: this one ends.
 */
export async function saveDispatch(
  { notices }: Pick<SendNoticesDeps, 'notices'>,
  dispatch: Dispatch,
  change: Partial<Dispatch>,
): Promise<Dispatch> {
  const next = { ...dispatch, ...change, version: dispatch.version + 1 };
  if ((await notices.saveDispatch(next)) === 'SAVED') return next;
  throw new ComplianceError({
    code: 'RUN_OVERTAKEN',
    message: 'expected to be the only run, but another one has written; it goes on with the notices',
  });
}
