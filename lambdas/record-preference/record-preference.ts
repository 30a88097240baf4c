import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import {
  type ApiRequest,
  type ApiResponse,
  readApiRequest,
  respond,
  respondInvalid,
} from '../../lib/adapters/http/api.ts';
import { type ContactPointInput, readContactPoint } from '../../lib/adapters/http/contact-point-input.ts';
import { type Refusal, refusalOf, respondRefused, statusOf } from '../../lib/adapters/http/refusals.ts';
import type { RecordFact } from '../../lib/adapters/record-fact.ts';
import { recoverPhoneNumbers } from '../../lib/domain/contact-point/phone-number.ts';
import type { Unreadable } from '../../lib/domain/contact-point/unreadable.ts';
import { settleTime } from '../../lib/domain/state/settle-time.ts';
import { ConsentRequest, OptOutRequest } from './event.ts';
import { recordHappening } from './record-happening.ts';
import { type Standing, standingAfter } from './standing.ts';
import { factOf, permitsContact, type Statement } from './statement.ts';

export type RecordPreferenceDeps = {
  readonly recordFact: RecordFact;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

type Accepted = {
  readonly accepted: true;
  readonly eventId: string;
  readonly effectiveAt: string;
  /** False where the statement, or a stronger one, was known already. */
  readonly changed: boolean;
  readonly standing: Readonly<Record<string, Standing>>;
};
type Result = Accepted | ({ readonly accepted: false } & Refusal);
type Context = { readonly statement: Statement; readonly client: string; readonly receivedAt: number };

/**
 * Takes opt-outs and consents over HTTP, from any source. Success is told only once the statement is durable: 201 where
 * it changed something, 200 where it was known. Neither token nor number comes back.
 */
export function createRecordPreference(deps: RecordPreferenceDeps): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const request = readApiRequest(event);
    switch (request.route) {
      case 'POST /v1/opt-outs':
        return recordOptOut(request, deps);
      case 'POST /v1/consents':
        return recordConsent(request, deps);
      case 'POST /v1/conversations':
      case 'POST /v1/relationships':
      case 'POST /v1/reassignments':
        return recordHappening(request, request.route, deps);
      default:
        return respondRefused({ code: 'UNKNOWN_ROUTE' });
    }
  };
}

async function recordOptOut({ body, client }: ApiRequest, deps: RecordPreferenceDeps): Promise<ApiResponse> {
  const parsed = OptOutRequest.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const { phoneNumbers, defaultRegion } = parsed.data;
  const context = contextOf({ kind: 'opt-out', request: parsed.data }, client, deps);
  if (phoneNumbers === undefined) return answer(await record(parsed.data, context, deps));
  const inputs = phoneNumbers.map((phoneNumber) => ({ phoneNumber, defaultRegion }));
  const results = await Promise.all(inputs.map((input) => record(input, context, deps)));
  const accepted = results.every((result) => result.accepted);
  return respond(Math.max(...results.map(statusOfResult)), { accepted, results });
}

async function recordConsent({ body, client }: ApiRequest, deps: RecordPreferenceDeps): Promise<ApiResponse> {
  const parsed = ConsentRequest.safeParse(body);
  if (!parsed.success) return respondInvalid(parsed.error);
  const context = contextOf({ kind: 'consent', request: parsed.data }, client, deps);
  const { futureDated } = settleTime(parsed.data.effectiveAt, context.receivedAt);
  if (futureDated && permitsContact(context.statement))
    return respondRefused({ code: 'FUTURE_EFFECTIVE_AT' });
  return answer(await record(parsed.data, context, deps));
}

function contextOf(statement: Statement, client: string, { now, telemetry }: RecordPreferenceDeps): Context {
  const receivedAt = now();
  const { futureDated } = settleTime(statement.request.effectiveAt, receivedAt);
  if (futureDated && !permitsContact(statement)) telemetry.metric('OptOutFutureDatedCount', 1);
  return { statement, client, receivedAt };
}

async function record(
  input: ContactPointInput,
  context: Context,
  deps: RecordPreferenceDeps,
): Promise<Result> {
  const { statement, client, receivedAt } = context;
  const contactPoint = readContactPoint(input);
  try {
    if (contactPoint.kind === 'unreadable')
      return await recordRecovered(contactPoint, input, { context, deps });
    let said = { eventId: '', effectiveAt: receivedAt };
    const factFor: Parameters<RecordFact>[1] = (known) => {
      const fact = factOf(statement, known, receivedAt);
      said = fact;
      return fact;
    };
    const recorded = await deps.recordFact(contactPoint, factFor, client);
    if (recorded.outcome === 'WRONG_REGION') {
      return { accepted: false, code: 'WRONG_REGION', region: recorded.region };
    }
    return {
      accepted: true,
      eventId: said.eventId,
      effectiveAt: new Date(said.effectiveAt).toISOString(),
      changed: recorded.changed,
      standing: standingAfter(statement, recorded.state, receivedAt),
    };
  } catch (error) {
    return { accepted: false, ...refusalOf(error, deps.telemetry) };
  }
}

// The caller must correct the number, but whoever it may be is left alone from now on.
async function recordRecovered(
  { cause }: Unreadable,
  { phoneNumber, defaultRegion }: ContactPointInput,
  { context, deps }: { readonly context: Context; readonly deps: RecordPreferenceDeps },
): Promise<Result> {
  const { statement, client, receivedAt } = context;
  if (permitsContact(statement)) return { accepted: false, code: 'UNREADABLE_INPUT', cause };
  const recovered = recoverPhoneNumbers(phoneNumber ?? '', defaultRegion);
  const recorded = await Promise.all(
    recovered.map((number) =>
      deps.recordFact(number, (known) => factOf(statement, known, receivedAt), client),
    ),
  );
  const suppressed = recorded.filter(({ outcome }) => outcome === 'RECORDED').length;
  return { accepted: false, code: 'UNREADABLE_INPUT', cause, suppressed };
}

function answer(result: Result): ApiResponse {
  return respond(statusOfResult(result), result);
}

function statusOfResult(result: Result): number {
  if (!result.accepted) return statusOf(result);
  return result.changed ? 201 : 200;
}
