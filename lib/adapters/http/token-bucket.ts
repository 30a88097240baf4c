export type TokenBucketDeps = {
  /** How many calls may be made at once after a pause. */
  readonly burst: number;
  readonly perSecond: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
};

export type TokenBucket = {
  /** Returns when a call may be made; callers are let through in the order in which they came. */
  take(): Promise<void>;
  /** No call may be made for so many milliseconds: the other side said so. */
  pause(ms: number): void;
};

/** Keeps calls under a rate limit before the other side has to refuse them. */
export function createTokenBucket({ burst, perSecond, now, wait }: TokenBucketDeps): TokenBucket {
  const costMs = 1000 / perSecond;
  // When the bucket is full again; calls are let through while that is no further off than the burst.
  let fullAt = 0;
  return {
    async take() {
      const at = now();
      fullAt = Math.max(fullAt, at) + costMs;
      const early = fullAt - at - burst * costMs;
      if (early > 0) await wait(Math.ceil(early));
    },
    pause(ms) {
      fullAt = Math.max(fullAt, now() + ms + burst * costMs);
    },
  };
}
