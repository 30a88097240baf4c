import type { Residency } from '../../lib/domain/contact-point/residency.ts';
import type { Channel, Purpose, Technology } from '../../lib/domain/vocabulary.ts';

/** What both systems live in: a clock, and a scheduler that may let others go first at every call to the store. */
export type World = {
  now: number;
  /** Awaited before and after each call to the store. */
  step: () => Promise<unknown>;
  /** Whether the store refuses reads. */
  storeDown: boolean;
  /** The registry's own date of the version in use, epoch milliseconds; today where absent. */
  registryVersionAt?: number;
  /** Where the system stands; the United States where absent. */
  residency?: Residency;
};

/** What a contact is about beyond whom it reaches; a marketing call that a person makes where nothing is said. */
export type About = {
  readonly purpose?: Purpose;
  readonly technology?: Technology;
  readonly audience?: 'CONSUMER';
  readonly softOptIn?: boolean;
  /** Of an e-mail address, which names no country. */
  readonly defaultRegion?: string;
};

export type OptOut = {
  readonly phone: string;
  readonly channel?: Channel;
  /** ISO 8601 with any offset; absent: for ever. */
  readonly expiresAt?: string;
};

/** A system that keeps people from being called. A call that returns is acknowledged. */
export interface System {
  /** `contact`: a number, or an e-mail address. */
  check(contact: string, channel?: Channel, about?: About): Promise<'ALLOW' | 'BLOCK'>;
  /** Is told what a person said or did, in the words of `POST /v1/<route>`. */
  tell(route: string, contact: string, body: object): Promise<void>;
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
