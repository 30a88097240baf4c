export type Lanes = {
  /** Runs the work once all that was given earlier for any of these keys is done. */
  run<Result>(keys: readonly string[], work: () => Promise<Result>): Promise<Result>;
};

/** One piece of work at a time for each key, in the order in which it was given. */
export function createLanes(): Lanes {
  const last = new Map<string, Promise<unknown>>();
  return {
    // All keys are taken at once, in one synchronous step: no two pieces of work can wait for each other.
    run(keys, work) {
      const result = Promise.all(keys.map((key) => last.get(key))).then(work);
      const settled = result
        .catch(() => undefined)
        .then(() => {
          for (const key of keys) if (last.get(key) === settled) last.delete(key);
        });
      for (const key of keys) last.set(key, settled);
      return result;
    },
  };
}
