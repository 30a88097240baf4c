import * as z from 'zod';
import type { Channel } from '../vocabulary.ts';
import type { NoticeEvent } from './advance.ts';

/** What check-consent answers when it is called as a data action calls it: every value a string. */
export const CheckVerdict = z.object({
  decision: z.enum(['ALLOW', 'BLOCK']),
  decisionId: z.string(),
  reason: z.string(),
  nextAllowedAt: z.union([z.literal(''), z.iso.datetime()]),
});
export type CheckVerdict = z.infer<typeof CheckVerdict>;

/** Nothing was said about the person: it is asked again. */
const NOT_DECIDED: ReadonlySet<string> = new Set(['UNAVAILABLE', 'AUDIT_UNAVAILABLE', 'AUDIT_BACKLOG']);
/** How the notice was asked about, or the policy, is at fault: no fault of the person's, and no refusal. */
const NOT_ASKED_RIGHT: ReadonlySet<string> = new Set(['NO_RULE', 'INVALID_REQUEST', 'UNREADABLE_INPUT']);
const ASKED_AGAIN_MS = 60_000;

/** What a decision about a channel means for the notice; ALLOW where the channel is to be used. */
export function verdictOn(
  channel: Channel,
  { decision, reason, nextAllowedAt }: CheckVerdict,
  now: number,
): 'ALLOW' | NoticeEvent {
  if (decision === 'ALLOW') return 'ALLOW';
  if (reason === 'LITIGATION_HOLD') return { kind: 'HELD', channel };
  if (reason === 'WRONG_REGION') return { kind: 'CLOSED', channel, as: 'WRONG_REGION', cause: reason };
  if (NOT_DECIDED.has(reason)) return { kind: 'PUT_OFF', until: now + ASKED_AGAIN_MS };
  if (nextAllowedAt !== '') return { kind: 'PUT_OFF', until: Date.parse(nextAllowedAt) };
  if (NOT_ASKED_RIGHT.has(reason)) return { kind: 'CLOSED', channel, as: 'NOT_OFFERED', cause: reason };
  return { kind: 'CLOSED', channel, as: 'SUPPRESSED', cause: reason };
}
