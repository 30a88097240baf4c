import type { EmailAddress } from '../contact-point/email-address.ts';
import type { PhoneNumber } from '../contact-point/phone-number.ts';
import type { Token } from '../contact-point/token.ts';
import type { ContactPointState } from '../state/state.ts';
import type { Change, MarkedChange } from './changes.ts';
import type { DiallerHealth } from './health.ts';

/** Changes that are on their contact points and not yet on their way to the diallers. */
export interface UnpushedChanges {
  /** In pages: what was marked until a moment, epoch milliseconds. */
  waiting(until: number): AsyncIterable<readonly MarkedChange[]>;
  /** Removes the mark, unless something was said since. */
  clear(change: MarkedChange): Promise<void>;
}

/** The queue of one dialler: what it is to hear, in order for each contact point. */
export interface DiallerQueue {
  /** @throws where not every change is in the queue. */
  send(changes: readonly Change[]): Promise<void>;
}

/** What is known of a contact point, and its number or address in clear. */
export type ClearContactPoint = {
  readonly token: Token;
  readonly state: ContactPointState;
  /** `ABSENT`: nobody can be told of it, as nothing was ever sealed, or it was erased. `UNREADABLE`: it does not open. */
  readonly contactPoint: PhoneNumber | EmailAddress | 'ABSENT' | 'UNREADABLE';
};

export interface ClearContactPoints {
  /** Strongly consistent; one for each token, in order. At most 100 at once. */
  readClear(tokens: readonly Token[]): Promise<readonly ClearContactPoint[]>;
  /** In pages: every contact point of which anything was ever said, in no order, as each stands when it is read. */
  everyone(): AsyncIterable<readonly ClearContactPoint[]>;
}

export interface DiallerHealths {
  /** Closed, and nothing else known, where nothing was ever written. */
  read(name: string): Promise<DiallerHealth>;
  write(name: string, health: DiallerHealth): Promise<void>;
}
