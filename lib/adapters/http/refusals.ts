import type { Residency } from '../../domain/contact-point/residency.ts';
import type { UnreadableCause } from '../../domain/contact-point/unreadable.ts';
import { ComplianceError } from '../../domain/errors.ts';
import type { ReviewOutcome } from '../../domain/state/facts.ts';
import { errorCode, type Telemetry } from '../cloudwatch/telemetry.ts';
import { type ApiResponse, respond } from './api.ts';

/** Why a request was not taken, as the caller is told: codes, never what was sent. */
export type Refusal =
  /** Nothing in the request names a contact point for certain. */
  | { readonly code: 'UNREADABLE_INPUT'; readonly cause: UnreadableCause; readonly suppressed?: number }
  /** `region`'s deployment alone may hold this contact point; nothing was stored here. */
  | { readonly code: 'WRONG_REGION'; readonly region: Residency }
  /** What would permit contact is dated later than any clock error explains. */
  | { readonly code: 'FUTURE_EFFECTIVE_AT' }
  | { readonly code: 'UNKNOWN_HOLD' }
  | { readonly code: 'UNKNOWN_REVIEW' }
  | { readonly code: 'UNKNOWN_REQUEST' }
  | { readonly code: 'UNKNOWN_GAP' }
  /** The hour in which the contact was made is still being looked at. */
  | { readonly code: 'HOUR_OPEN' }
  | { readonly code: 'GAP_JUDGED' }
  | { readonly code: 'UNKNOWN_INCIDENT' }
  | { readonly code: 'UNKNOWN_TEMPLATE' }
  /** Somebody has said otherwise already. */
  | { readonly code: 'REVIEW_DECIDED'; readonly outcome: ReviewOutcome }
  /** Nothing may be destroyed while a litigation hold stands. */
  | { readonly code: 'LITIGATION_HOLD'; readonly standingHolds: number }
  | { readonly code: 'UNKNOWN_ROUTE' }
  /** Not recorded, or not known to be: the request may be sent again as it is. */
  | { readonly code: 'UNAVAILABLE' | 'WRITE_CONTENTION' | 'AUDIT_BACKLOG' };

const STATUS: Record<Refusal['code'], number> = {
  FUTURE_EFFECTIVE_AT: 400,
  UNKNOWN_HOLD: 404,
  UNKNOWN_REVIEW: 404,
  UNKNOWN_REQUEST: 404,
  UNKNOWN_INCIDENT: 404,
  UNKNOWN_TEMPLATE: 404,
  UNKNOWN_GAP: 404,
  REVIEW_DECIDED: 409,
  GAP_JUDGED: 409,
  HOUR_OPEN: 409,
  LITIGATION_HOLD: 409,
  UNKNOWN_ROUTE: 404,
  // Misdirected Request, RFC 9110, section 15.5.20.
  WRONG_REGION: 421,
  UNREADABLE_INPUT: 422,
  UNAVAILABLE: 503,
  WRITE_CONTENTION: 503,
  AUDIT_BACKLOG: 503,
};

/** The HTTP status of a refusal. */
export function statusOf({ code }: Refusal): number {
  return STATUS[code];
}

/** The answer to a request that was not taken. */
export function respondRefused(refusal: Refusal): ApiResponse {
  return respond(statusOf(refusal), { accepted: false, ...refusal });
}

/** What a failure of the store or the secrets is to the caller; its own code goes to the log, its message nowhere. */
export function refusalOf(error: unknown, telemetry: Telemetry): Refusal {
  telemetry.log('REQUEST_FAILED', { errorCode: errorCode(error) });
  const code = error instanceof ComplianceError ? error.code : undefined;
  return { code: code === 'WRITE_CONTENTION' || code === 'AUDIT_BACKLOG' ? code : 'UNAVAILABLE' };
}
