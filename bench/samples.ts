/** How much is measured. */
export type BenchSize = {
  /** Calls that are measured one by one. */
  readonly turns: number;
  /** Rows of a contact list. */
  readonly rows: number;
  /** Numbers on a registry. */
  readonly listed: number;
  /** Entries of the log. */
  readonly entries: number;
};

/** Durations of one kind of work, milliseconds. */
export type Samples = { readonly name: string; readonly durations: readonly number[] };

/** A row of the table: the work, and its ratio to the baseline measured in the same run. */
export type Row = {
  readonly work: string;
  readonly baseline: string;
  /** What was measured of the work, with units. */
  readonly figures: string;
  /** Work / baseline, or what else is compared. */
  readonly ratio: string;
  readonly goal?: string | undefined;
};

/** The value below which `share` of the durations lie. */
export function quantile({ durations }: Samples, share: number): number {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/**
 * Measures several kinds of work one after the other, in turns, so that whatever else the machine does falls on all of
 * them alike.
 */
export async function inTurns(
  works: Readonly<Record<string, (turn: number) => Promise<unknown>>>,
  { turns, warmUp }: { readonly turns: number; readonly warmUp: number },
): Promise<ReadonlyMap<string, Samples>> {
  const durations = new Map(Object.keys(works).map((name) => [name, [] as number[]]));
  for (let turn = 0; turn < turns + warmUp; turn += 1) {
    for (const [name, work] of Object.entries(works)) {
      const began = performance.now();
      await work(turn);
      if (turn >= warmUp) durations.get(name)?.push(performance.now() - began);
    }
  }
  return new Map([...durations].map(([name, own]) => [name, { name, durations: own }]));
}

/** Two kinds of work against each other. */
export function compare(work: Samples, baseline: Samples, goal?: string): Row {
  const ratio = (share: number) => (quantile(work, share) / quantile(baseline, share)).toFixed(2);
  const ms = (share: number) => quantile(work, share).toFixed(2);
  return {
    work: work.name,
    baseline: baseline.name,
    figures: `p50 ${ms(0.5)} ms, p99 ${ms(0.99)} ms`,
    ratio: `p50 ${ratio(0.5)}, p99 ${ratio(0.99)}`,
    goal,
  };
}
