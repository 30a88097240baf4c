import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import {
  type ApiRequest,
  type ApiResponse,
  readApiRequest,
  respond,
  respondInvalid,
} from '../../lib/adapters/http/api.ts';
import { readContactPoint } from '../../lib/adapters/http/contact-point-input.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import type { RecordFact } from '../../lib/adapters/record-fact.ts';
import type { HoldFact } from '../../lib/domain/state/facts.ts';
import { standingHolds } from '../../lib/domain/state/position.ts';
import type { ContactPointState } from '../../lib/domain/state/state.ts';
import { HoldRequest } from './event.ts';
import { type HoldCommand, holdOf, placement, release, statusOf } from './hold.ts';

export type ManageHoldDeps = {
  readonly recordFact: RecordFact;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

type FactOf = (state: ContactPointState, command: HoldCommand, now: number) => HoldFact | undefined;

/**
 * Places litigation holds and takes their releases over HTTP: 201 where something changed, 200 where it was so already.
 * A hold ends when two different people have released it since it was placed; the same person's second release changes
 * nothing and is told so by the status.
 */
export function createManageHold(deps: ManageHoldDeps): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const request = readApiRequest(event);
    switch (request.route) {
      case 'POST /v1/holds':
        return manage(request, placement, deps);
      case 'POST /v1/hold-releases':
        return manage(request, release, deps);
      default:
        return respondRefused({ code: 'UNKNOWN_ROUTE' });
    }
  };
}

async function manage(
  { body, client }: ApiRequest,
  factOf: FactOf,
  deps: ManageHoldDeps,
): Promise<ApiResponse> {
  const parsed = HoldRequest.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const command = parsed.data;
  const contactPoint = readContactPoint(command);
  if (contactPoint.kind === 'unreadable') {
    return respondRefused({ code: 'UNREADABLE_INPUT', cause: contactPoint.cause });
  }
  try {
    const recorded = await deps.recordFact(
      contactPoint,
      ({ state }) => factOf(state, command, deps.now()),
      client,
    );
    if (recorded.outcome === 'WRONG_REGION') {
      return respondRefused({ code: 'WRONG_REGION', region: recorded.region });
    }
    const { state, changed } = recorded;
    if (holdOf(state, command.caseId) === undefined) return respondRefused({ code: 'UNKNOWN_HOLD' });
    return respond(changed ? 201 : 200, {
      accepted: true,
      changed,
      ...statusOf(state, command.caseId),
      standingHolds: standingHolds(state).length,
    });
  } catch (error) {
    return respondRefused(refusalOf(error, deps.telemetry));
  }
}
