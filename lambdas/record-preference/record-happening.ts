import { type ApiRequest, type ApiResponse, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { readContactPoint } from '../../lib/adapters/http/contact-point-input.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import { settleTime } from '../../lib/domain/state/settle-time.ts';
import { HAPPENINGS, happened, restrictsContact } from './happening.ts';
import type { RecordPreferenceDeps } from './record-preference.ts';

/**
 * Takes what happened between a person and a seller, or what the reassigned numbers database said: 201 where it changed
 * something, 200 where it, or something later, was known.
 */
export async function recordHappening(
  { body, client }: ApiRequest,
  route: keyof typeof HAPPENINGS,
  deps: RecordPreferenceDeps,
): Promise<ApiResponse> {
  const parsed = HAPPENINGS[route].safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const happening = parsed.data;
  const receivedAt = deps.now();
  if (settleTime(happening.at, receivedAt).futureDated && !restrictsContact(happening)) {
    return respondRefused({ code: 'FUTURE_EFFECTIVE_AT' });
  }
  const contactPoint = readContactPoint(happening);
  if (contactPoint.kind === 'unreadable') {
    return respondRefused({ code: 'UNREADABLE_INPUT', cause: contactPoint.cause });
  }
  try {
    let said = { eventId: '', effectiveAt: receivedAt };
    const recorded = await deps.recordFact(
      contactPoint,
      (known) => {
        const fact = happened(happening, known, receivedAt);
        said = fact;
        return fact;
      },
      client,
    );
    if (recorded.outcome === 'WRONG_REGION') {
      return respondRefused({ code: 'WRONG_REGION', region: recorded.region });
    }
    const { changed } = recorded;
    const at = new Date(said.effectiveAt).toISOString();
    return respond(changed ? 201 : 200, { accepted: true, eventId: said.eventId, at, changed });
  } catch (error) {
    return respondRefused(refusalOf(error, deps.telemetry));
  }
}
