import type { SubjectRequestEntry } from '../log/entry.ts';
import type { SubjectData, SubjectRequest } from './request.ts';

export type StoredRequest = {
  readonly request: SubjectRequest;
  /** Undefined once its key was destroyed. */
  readonly data: SubjectData | undefined;
};

/** A request as it is to be, and the entry that says what happened to it. */
export type RequestChange = {
  readonly request: SubjectRequest;
  /** Absent: as it was. `DESTROYED`: nobody can read it any more. */
  readonly data?: SubjectData | 'DESTROYED';
  readonly entry?: SubjectRequestEntry;
};

/** Where requests are kept. No change is without its entry: what was written and not yet logged is found again. */
export interface SubjectRequests {
  /** Takes a request in; one that is there already stays as it is. */
  create(change: RequestChange & { readonly data: SubjectData }): Promise<'CREATED' | 'EXISTS'>;
  /** Strongly consistent; undefined if there is none. */
  read(id: string): Promise<StoredRequest | undefined>;
  /** Writes unless the request was changed since the version before. */
  save(change: RequestChange): Promise<'SAVED' | 'CONFLICT'>;
  /** Every request, the one received first in front. */
  all(): Promise<readonly SubjectRequest[]>;
  /** Hands entries to the log that a crash kept back. */
  logOverdue(): Promise<number>;
}
