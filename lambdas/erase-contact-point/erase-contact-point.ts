import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import type { EraseContactPoint } from '../../lib/adapters/erase-contact-point.ts';
import { type ApiResponse, readApiRequest, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { readContactPoint } from '../../lib/adapters/http/contact-point-input.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import { ErasureRequest } from './event.ts';

export type HandleErasureDeps = {
  readonly eraseContactPoint: EraseContactPoint;
  readonly telemetry: Telemetry;
};

/** Erases a contact point over HTTP: 201 where something was destroyed, 200 where nothing was left to destroy. */
export function createHandleErasure(deps: HandleErasureDeps): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const { route, body, client } = readApiRequest(event);
    if (route !== 'POST /v1/erasures') return respondRefused({ code: 'UNKNOWN_ROUTE' });
    const parsed = ErasureRequest.safeParse(body);
    if (!parsed.success) return respondInvalid(parsed.error);
    const { token, reason, by, caseId } = parsed.data;
    const who = token === undefined ? readContactPoint(parsed.data) : ({ kind: 'token', token } as const);
    if (who.kind === 'unreadable') return respondRefused({ code: 'UNREADABLE_INPUT', cause: who.cause });
    try {
      const erased = await deps.eraseContactPoint(who, { reason, by, caseId }, client);
      switch (erased.outcome) {
        case 'WRONG_REGION':
          return respondRefused({ code: 'WRONG_REGION', region: erased.region });
        case 'HELD':
          return respondRefused({ code: 'LITIGATION_HOLD', standingHolds: erased.standingHolds });
        case 'ERASED': {
          const { outcome: _said, erasedAt, ...told } = erased;
          return respond(erased.changed ? 201 : 200, {
            accepted: true,
            ...told,
            erasedAt: new Date(erasedAt).toISOString(),
          });
        }
      }
    } catch (error) {
      return respondRefused(refusalOf(error, deps.telemetry));
    }
  };
}
