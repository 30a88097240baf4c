import type { Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';
import { type ApiResponse, readApiRequest, respond, respondInvalid } from '../../lib/adapters/http/api.ts';
import { refusalOf, respondRefused } from '../../lib/adapters/http/refusals.ts';
import type { RecordKnownFact } from '../../lib/adapters/record-fact.ts';
import { factsOf, Review, type ReviewDecision, type Reviews } from '../../lib/domain/opt-out/review.ts';
import { ReviewRequest } from './event.ts';

export type ResolveReviewDeps = {
  readonly reviews: Pick<Reviews, 'decide' | 'close'>;
  readonly recordFact: RecordKnownFact;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly now: () => number;
};

/**
 * Ends a review by what somebody read: the message becomes an opt-out, or its provisional block is lifted. The first
 * word counts; saying the same again is harmless, and finishes what a failure cut short.
 */
export function createResolveReview(deps: ResolveReviewDeps): (event: unknown) => Promise<ApiResponse> {
  return async (event) => {
    const { route, body, client, pathParameters } = readApiRequest(event);
    if (route !== 'POST /v1/reviews/{id}') return respondRefused({ code: 'UNKNOWN_ROUTE' });
    const id = Review.shape.id.safeParse(pathParameters['id']);
    if (!id.success) return respondRefused({ code: 'UNKNOWN_REVIEW' });
    const parsed = ReviewRequest.safeParse(body);
    if (!parsed.success) return respondInvalid(parsed.error);
    try {
      return await resolve(id.data, { decision: { ...parsed.data, at: deps.now() }, client }, deps);
    } catch (error) {
      return respondRefused(refusalOf(error, deps.telemetry));
    }
  };
}

async function resolve(
  id: string,
  { decision, client }: { readonly decision: ReviewDecision; readonly client: string },
  { reviews, recordFact }: ResolveReviewDeps,
): Promise<ApiResponse> {
  const review = await reviews.decide(id, decision);
  if (review?.decision === undefined) return respondRefused({ code: 'UNKNOWN_REVIEW' });
  const { outcome, by, at } = review.decision;
  if (outcome !== decision.outcome) return respondRefused({ code: 'REVIEW_DECIDED', outcome });
  // What was fixed first is recorded, so that a repetition records the same bytes and changes nothing.
  for (const fact of factsOf(review, review.decision)) await recordFact(review.token, fact, client);
  await reviews.close(review);
  return respond(200, { accepted: true, outcome, by, resolvedAt: new Date(at).toISOString() });
}
