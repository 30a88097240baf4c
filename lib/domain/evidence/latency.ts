import { businessDaysAfter } from '../opt-out/business-days.ts';

/** One opt-out on its way; epoch milliseconds. */
export type OptOutTimes = {
  /** When the person said it, as far as the sender knows. */
  readonly stated: number;
  readonly received: number;
  /** From when on every check counts it. */
  readonly inForce: number;
  /** When the object with its entry was written under the lock. */
  readonly logged: number;
};

export type Percentiles = {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
};

/** "Within a reasonable time not to exceed ten business days" (47 CFR 64.1200(d)(3)). */
export const LEGAL_LIMIT_BUSINESS_DAYS = 10;
export const PROMISE_MS = 60_000;

/** Upper ends, milliseconds, of what a chart shows as one bar; the last bar is what is beyond. */
export const LATENCY_STEPS: readonly { readonly label: string; readonly upTo: number }[] = [
  { label: '≤ 1 s', upTo: 1000 },
  { label: '≤ 10 s', upTo: 10_000 },
  { label: '≤ 60 s', upTo: PROMISE_MS },
  { label: '≤ 10 min', upTo: 600_000 },
  { label: '≤ 1 h', upTo: 3_600_000 },
  { label: '≤ 1 d', upTo: 86_400_000 },
  { label: '≤ 7 d', upTo: 7 * 86_400_000 },
  { label: 'longer', upTo: Number.POSITIVE_INFINITY },
];

export type LatencyFigures = {
  readonly optOuts: number;
  /** Milliseconds of each part of the way, and of the way until an opt-out is in force. */
  readonly statedToReceived: Percentiles;
  readonly receivedToInForce: Percentiles;
  readonly inForceToLogged: Percentiles;
  readonly statedToInForce: Percentiles;
  readonly overSixtySeconds: number;
  readonly overLegalLimit: number;
  /** Opt-outs by `statedToInForce`, one count for each of LATENCY_STEPS. */
  readonly steps: readonly number[];
};

/** The figures of opt-outs; of none, every figure is 0. */
export function latencyFigures(optOuts: readonly OptOutTimes[]): LatencyFigures {
  const statedToInForce = optOuts.map(({ stated, inForce }) => spent(stated, inForce));
  return {
    optOuts: optOuts.length,
    statedToReceived: percentiles(optOuts.map(({ stated, received }) => spent(stated, received))),
    receivedToInForce: percentiles(optOuts.map(({ received, inForce }) => spent(received, inForce))),
    inForceToLogged: percentiles(optOuts.map(({ inForce, logged }) => spent(inForce, logged))),
    statedToInForce: percentiles(statedToInForce),
    overSixtySeconds: statedToInForce.filter((ms) => ms > PROMISE_MS).length,
    overLegalLimit: optOuts.filter(
      ({ stated, inForce }) => inForce > businessDaysAfter(stated, LEGAL_LIMIT_BUSINESS_DAYS),
    ).length,
    steps: LATENCY_STEPS.map(
      ({ upTo }, at) =>
        statedToInForce.filter((ms) => ms <= upTo && (at === 0 || ms > (LATENCY_STEPS[at - 1]?.upTo ?? 0)))
          .length,
    ),
  };
}

/** Clocks of two machines can differ: nothing takes less than no time. */
function spent(from: number, to: number): number {
  return Math.max(0, to - from);
}

/** Nearest rank: the least value that at least so many per cent of all values do not exceed. */
function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { count: sorted.length, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}
