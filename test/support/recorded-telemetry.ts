import * as z from 'zod';
import { createTelemetry, type Metric, type Telemetry } from '../../lib/adapters/cloudwatch/telemetry.ts';

export type RecordedTelemetry = {
  readonly telemetry: Telemetry;
  /** Exactly what would go to CloudWatch. */
  readonly lines: string[];
  /** Every value of one metric. */
  values(name: Metric): number[];
};

/** The real telemetry, writing to memory. */
export function recordedTelemetry(now: () => number = Date.now): RecordedTelemetry {
  const lines: string[] = [];
  return {
    telemetry: createTelemetry('test', now, (line) => lines.push(line)),
    lines,
    values: (name) =>
      lines.flatMap((line) => {
        const value = z.record(z.string(), z.unknown()).parse(JSON.parse(line))[name];
        return typeof value === 'number' ? [value] : [];
      }),
  };
}
