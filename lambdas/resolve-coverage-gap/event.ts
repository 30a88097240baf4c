import { bodyOf } from '../../lib/adapters/http/contact-point-input.ts';
import { GapJudgement } from '../../lib/domain/coverage/ports.ts';

/** POST /v1/coverage-gaps/{id} */
export const JudgeRequest = bodyOf({ by: GapJudgement.shape.by, reason: GapJudgement.shape.reason });
