import type * as z from 'zod';
import { bodyOf } from '../../lib/adapters/http/contact-point-input.ts';
import { ReviewDecision } from '../../lib/domain/opt-out/review.ts';

/** POST /v1/reviews/{id} */
export const ReviewRequest = bodyOf({
  outcome: ReviewDecision.shape.outcome,
  by: ReviewDecision.shape.by,
});
export type ReviewRequest = z.infer<typeof ReviewRequest>;
