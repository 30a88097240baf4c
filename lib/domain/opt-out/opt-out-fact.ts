import type { SuppressionFact } from '../state/facts.ts';
import { settleTime } from '../state/settle-time.ts';
import { OpaqueId } from '../vocabulary.ts';

export type AgentOptOut = {
  readonly eventId: string;
  /** The agent's id; `genesys` stands in where there is none that may be logged. */
  readonly agent: string | undefined;
  /** The conversation in which it was said: where the operator finds the recording. */
  readonly conversationId?: string | undefined;
  /** Epoch milliseconds, as the event states it. */
  readonly statedAt: number | undefined;
  /** Epoch milliseconds of the arrival at our queue, on the server's clock. */
  readonly receivedAt: number;
};

/**
 * The permanent suppression that an agent's opt-out disposition makes. It is taken for every channel and every seller:
 * the event does not say what was revoked, and a consumer may revoke by any reasonable means (47 CFR 64.1200(a)(10)).
 */
export function agentOptOutFact(optOut: AgentOptOut): SuppressionFact {
  const { eventId, agent, conversationId, statedAt, receivedAt } = optOut;
  const reference = OpaqueId.safeParse(conversationId).data;
  return {
    kind: 'suppression',
    channel: 'ALL',
    reason: 'CUSTOMER_REQUEST',
    seller: '*',
    source: 'GENESYS_AGENT_DISPOSITION',
    by: OpaqueId.catch('genesys').parse(agent),
    eventId,
    effectiveAt: settleTime(statedAt, receivedAt).effectiveAt,
    receivedAt,
    ...(reference === undefined ? {} : { evidence: { reference } }),
  };
}
