/** A submitted file under way, so that a second delivery goes on with it and a second file of its name is refused. */
export type SubmissionJob = {
  readonly name: string;
  readonly versionId: string;
  /** Epoch milliseconds of the first delivery: what was erased since then was erased for this file. */
  readonly beganAt: number;
  /** ISO 8601 date at that moment on the operator's clock: a file does not get old while it is tried again. */
  readonly today: string;
};

export interface SubmissionJobs {
  /** The job of a name: the one that was begun first, whoever begins. */
  claim(job: SubmissionJob): Promise<SubmissionJob>;
}

/** Where results are laid down; each is written once. */
export interface SubmissionResults {
  /** Whether a result is there already. */
  has(name: string): Promise<boolean>;
  put(name: string, content: string | Uint8Array): Promise<void>;
}
