import type { Token } from '../contact-point/token.ts';
import type { Language } from './keywords.ts';

/** A text that confirms an opt-out "within five minutes" is presumed to be consented to: 47 CFR 64.1200(a)(12). */
const CONFIRMATION_MS = 5 * 60_000;

/** What the sender of text messages is told. It knows the conversation by the message's id, so no number is in it. */
export type Confirmation = {
  /** The same for one opt-out: an event can be delivered more than once. */
  readonly confirmationId: string;
  readonly token: Token;
  readonly messageId: string;
  readonly language: Language;
  readonly seller: string;
  /** ISO 8601 UTC. A text sent later than this is not covered any more. */
  readonly sendBefore: string;
};

export interface Confirmations {
  /** Tells the sender that one confirmation is due. */
  due(confirmation: Confirmation): Promise<void>;
}

/** Until when a message of this time may be confirmed, ISO 8601; undefined where that is past. Epoch milliseconds. */
export function confirmableUntil(saidAt: number, now: number): string | undefined {
  return now - saidAt < CONFIRMATION_MS ? new Date(saidAt + CONFIRMATION_MS).toISOString() : undefined;
}
