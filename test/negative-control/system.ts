import type { Channel } from '../../lib/domain/vocabulary.ts';

/** What both systems live in: a clock, and a scheduler that may let others go first at every call to the store. */
export type World = {
  now: number;
  /** Awaited before and after each call to the store. */
  step: () => Promise<unknown>;
  /** Whether the store refuses reads. */
  storeDown: boolean;
};

export type OptOut = {
  readonly phone: string;
  readonly channel?: Channel;
  /** ISO 8601 with any offset; absent: for ever. */
  readonly expiresAt?: string;
};

/** A system that keeps people from being called. A call that returns is acknowledged. */
export interface System {
  check(phone: string, channel?: Channel): Promise<'ALLOW' | 'BLOCK'>;
  optOut(request: OptOut): Promise<void>;
  /** Legal wants a number left alone. */
  placeHold(phone: string): Promise<void>;
  /** A registry download lists the number; the entry lasts until `expiresAt`, ISO 8601. */
  importRegistry(phone: string, expiresAt: string): Promise<void>;
  /** Takes an event as EventBridge delivers it. Throws if it wants it again. */
  wrapUp(event: object): Promise<void>;
  /** The bytes of a contact list that may be dialled; undefined if the file is refused. */
  scrub(csv: string, phoneColumn: string): Promise<string | undefined>;
  /** ISO 8601 of the first request not to be called that the records show. */
  firstRequestedAt(phone: string): Promise<string | undefined>;
  /** Everything that was written to the log of the process. */
  output(): string;
}

export type CreateSystem = (world: World) => System;
