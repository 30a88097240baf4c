import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { IntervalResult } from '../../domain/coverage/interval.ts';
import type { CoverageResults } from '../../domain/coverage/ports.ts';
import { type DailyReport, reportCsv } from '../../domain/coverage/report.ts';
import { ComplianceError } from '../../domain/errors.ts';
import { parsedJson } from '../../domain/json.ts';
import { readText, writeJson } from './object.ts';

/** Where everything about coverage lies in the privacy bucket. */
export const COVERAGE_PREFIX = 'coverage/';

/** What was found of each hour, written once, and a report for each day. They hold tokens and ids, nobody in clear. */
export class S3CoverageResults implements CoverageResults {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor(client: S3Client, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /** @throws ComplianceError COVERAGE_RESULT_BROKEN if the object of an interval is none: it is never written anew. */
  async read(from: number): Promise<IntervalResult | undefined> {
    const text = await readText(this.#client, this.#bucket, keyOf(from));
    if (text === undefined) return undefined;
    const result = IntervalResult.safeParse(parsedJson(text));
    if (result.success && result.data.from === from) return result.data;
    throw new ComplianceError({
      code: 'COVERAGE_RESULT_BROKEN',
      message: `expected what was found of an hour in ${keyOf(from)}, got something else; nothing was closed`,
    });
  }

  async settle(result: IntervalResult): Promise<IntervalResult> {
    const object = { Bucket: this.#bucket, Key: keyOf(result.from), Body: JSON.stringify(result) };
    const outcome = await writeJson(this.#client, object, { once: true });
    // Another run was faster, or this one's answer got lost: what is there counts.
    return outcome === 'WRITTEN' ? result : ((await this.read(result.from)) ?? result);
  }

  async report(report: DailyReport): Promise<void> {
    const name = `${COVERAGE_PREFIX}reports/${report.date}`;
    await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: `${name}.csv`,
        Body: reportCsv(report),
        ContentType: 'text/csv; charset=utf-8',
      }),
    );
    const Body = JSON.stringify(report);
    await writeJson(this.#client, { Bucket: this.#bucket, Key: `${name}.json`, Body });
  }
}

/** Such as coverage/hours/2026-11-20T14.json. */
function keyOf(from: number): string {
  return `${COVERAGE_PREFIX}hours/${new Date(from).toISOString().slice(0, 13)}.json`;
}
