import { joinedBytes } from '../bytes.ts';
import type { MerkleTree } from '../log/merkle.ts';
import type { CsvRecord } from './csv-reader.ts';
import type { Columns } from './header.ts';
import { reportHeader, reportRow } from './human-report.ts';
import type { RowOutcome } from './row.ts';
import type { SettledRow } from './row-decider.ts';

/** Takes bytes, in order; resolves when more may come. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
}

export const ROW_FILES = {
  APPROVED: 'approved.csv',
  REJECTED: 'rejected.csv',
  QUARANTINED: 'quarantined.csv',
  OTHER_REGION: 'other-region.csv',
} as const satisfies Record<RowOutcome, string>;

export type ScrubSinks = Readonly<Record<RowOutcome, ByteSink>> & {
  /** One line of JSON per row, in order: which contact points, decided how. */
  readonly evidence: ByteSink;
};

export type ScrubCounts = {
  readonly rows: number;
  readonly approved: number;
  readonly rejected: number;
  readonly quarantined: number;
  readonly otherRegion: number;
  /** Reason code or cause -> rows, for each outcome but APPROVED. */
  readonly reasons: Readonly<Partial<Record<RowOutcome, Readonly<Record<string, number>>>>>;
};

const encoder = new TextEncoder();

/** Writes settled rows to where their outcome puts them: approved ones as the bytes that came, the rest as reports. */
export class RowWriter {
  readonly #columns: Columns;
  readonly #sinks: ScrubSinks;
  readonly #evidence: MerkleTree;
  readonly #rows: Record<RowOutcome, number> = { APPROVED: 0, REJECTED: 0, QUARANTINED: 0, OTHER_REGION: 0 };
  readonly #reasons = new Map<RowOutcome, Map<string, number>>();

  constructor(columns: Columns, sinks: ScrubSinks, evidence: MerkleTree) {
    this.#columns = columns;
    this.#sinks = sinks;
    this.#evidence = evidence;
  }

  get counts(): ScrubCounts {
    const { APPROVED, REJECTED, QUARANTINED, OTHER_REGION } = this.#rows;
    return {
      rows: APPROVED + REJECTED + QUARANTINED + OTHER_REGION,
      approved: APPROVED,
      rejected: REJECTED,
      quarantined: QUARANTINED,
      otherRegion: OTHER_REGION,
      reasons: Object.fromEntries(
        [...this.#reasons].map(([outcome, by]) => [outcome, Object.fromEntries(by)]),
      ),
    };
  }

  async begin(bom: Uint8Array, header: CsvRecord): Promise<void> {
    await this.#sinks.APPROVED.write(joinedBytes([bom, header.raw]));
    const head = encoder.encode(reportHeader(this.#columns));
    for (const outcome of ['REJECTED', 'QUARANTINED', 'OTHER_REGION'] as const) {
      await this.#sinks[outcome].write(head);
    }
  }

  async write(rows: readonly SettledRow[]): Promise<void> {
    const approved: Uint8Array[] = [];
    const reports: Record<Exclude<RowOutcome, 'APPROVED'>, string> = {
      REJECTED: '',
      QUARANTINED: '',
      OTHER_REGION: '',
    };
    let evidence = '';
    for (const row of rows) {
      this.#count(row);
      if (row.outcome === 'APPROVED') approved.push(row.record.raw);
      else if (row.ground !== undefined)
        reports[row.outcome] += reportRow(row.record, row.ground, this.#columns);
      const line = evidenceLine(row);
      this.#evidence.add(line);
      evidence += `${line}\n`;
    }
    await this.#sinks.evidence.write(encoder.encode(evidence));
    if (approved.length > 0) await this.#sinks.APPROVED.write(joinedBytes(approved));
    for (const outcome of ['REJECTED', 'QUARANTINED', 'OTHER_REGION'] as const) {
      if (reports[outcome] !== '') await this.#sinks[outcome].write(encoder.encode(reports[outcome]));
    }
  }

  #count({ outcome, ground }: SettledRow): void {
    this.#rows[outcome] += 1;
    if (ground === undefined) return;
    const reasons = this.#reasons.get(outcome) ?? new Map<string, number>();
    this.#reasons.set(outcome, reasons.set(ground.code, (reasons.get(ground.code) ?? 0) + 1));
  }
}

/** Canonical JSON (RFC 8785): members in order, nothing that would need escaping. Its RFC 6962 leaf proves the row. */
function evidenceLine({ record, outcome, ground, tokens }: SettledRow): string {
  return JSON.stringify({
    decision: outcome,
    line: record.line,
    reason: ground?.code ?? '',
    row: record.row,
    ruleId: ground?.ruleId ?? '',
    tokens,
  });
}
